import { useSignal } from '@preact/signals'
import { language as interfaceLanguage, t } from '../../core/i18n.ts'
import type { Topic } from '../../core/types.ts'
import { api } from '../../desk/session.ts'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { Choice } from './choice.tsx'
import { fetchTopics } from './tree.ts'
import type { SuggestionTable, Trial } from './types.ts'

const STATES = [
  'unpaid',
  'paid',
  'processing',
  'dispatched',
  'delivered',
  'cancelled',
  'unavailable',
] as const
const PROBLEMS = ['late', 'unpaid_charged', 'listing_removed', 'under_warranty', 'refund_pending']
const ARRIVED = ['today', 'lately', 'long_ago']
const OTHERS = ['late', 'late,late', 'unpaid_charged', 'listing_removed', 'refund_pending']

/** Which questions are offered when: the table, and a trial of it. */
export function SuggestionsPage() {
  const query = { lang: interfaceLanguage.value }
  const table = useLoaded(`suggestions ${interfaceLanguage.value}`, () =>
    api.get<SuggestionTable>('/api/v1/admin/suggestions', { query }),
  )
  const topics = useLoaded(`topics ${interfaceLanguage.value}`, fetchTopics)
  return (
    <Page title={t('admin.suggestions.title')} lead={t('admin.suggestions.lead')}>
      <Wait of={table} label={t('admin.suggestions.title')} lines={8}>
        {(data) => (
          <>
            <Simulator pages={data.pages} topics={topics.data.value ?? []} />
            <section>
              <h2>{t('admin.suggestions.table')}</h2>
              <p class="muted">
                {t('admin.suggestions.how', { n: data.shown, days: data.lately_days })}
              </p>
              <Table rows={data.rows} />
            </section>
          </>
        )}
      </Wait>
    </Page>
  )
}

function Table({ rows }: { rows: SuggestionTable['rows'] }) {
  return (
    <table class="table suggestion-table">
      <thead>
        <tr>
          <th scope="col">{t('admin.suggestions.when')}</th>
          <th scope="col">{t('admin.suggestions.offer')}</th>
          <th scope="col">{t('admin.suggestions.priority')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ when, offer, priority }) => (
          <tr key={when.map(({ name }) => name).join(' ')}>
            <th scope="row">{list(when.map(({ title }) => title))}</th>
            <td data-label={t('admin.suggestions.offer')}>
              <ol>
                {offer.map(({ key, title }) => (
                  <li key={key}>
                    {/* the mark stays where the list's own direction puts it */}
                    <bdi>{title}</bdi>
                  </li>
                ))}
              </ol>
            </td>
            <td data-label={t('admin.suggestions.priority')} class="tabular">
              {priority}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface Situation {
  page: string
  state: string
  problem: string
  arrived: string
  others: string
  answered: string
  not_helped: string
  talking_about: string
}

const NOTHING: Situation = {
  page: '',
  state: '',
  problem: '',
  arrived: '',
  others: '',
  answered: '',
  not_helped: '',
  talking_about: '',
}

interface SimulatorProps {
  pages: SuggestionTable['pages']
  topics: Topic[]
}

/** Choose a situation and see what a buyer would be offered, and why. */
function Simulator({ pages, topics }: SimulatorProps) {
  const situation = useSignal<Situation>(NOTHING)
  const set = (change: Partial<Situation>) => {
    situation.value = { ...situation.value, ...change }
  }
  const query = Object.fromEntries(
    Object.entries({ ...situation.value, lang: interfaceLanguage.value }).filter(([, v]) => v),
  )
  const trial = useLoaded(JSON.stringify(query), () =>
    api.get<Trial>('/api/v1/admin/suggestions/trial', { query }),
  )
  const part = { situation: situation.value, set }
  return (
    <section>
      <h2>{t('admin.suggestions.try')}</h2>
      <div class="report-tools">
        <Choice
          label={t('admin.suggestions.page')}
          value={situation.value.page}
          options={[none(), ...pages.map(({ words, title }) => [words[0]!, title] as const)]}
          onChange={(page) => set({ page })}
        />
        <OrderChoices {...part} />
        <HistoryChoices {...part} topics={topics} />
      </div>
      <Wait of={trial} label={t('admin.suggestions.try')}>
        {({ offered }) => <Offered offered={offered} />}
      </Wait>
    </section>
  )
}

interface PartProps {
  situation: Situation
  set(change: Partial<Situation>): void
}

/** The order that is open, and the others. */
function OrderChoices({ situation, set }: PartProps) {
  const { state } = situation
  return (
    <>
      <Choice
        label={t('admin.suggestions.order')}
        value={state}
        options={[none(), ...named(STATES, 'admin.suggestions.state')]}
        onChange={(value) => set({ state: value, problem: '', arrived: '' })}
      />
      {state && (
        <Choice
          label={t('admin.suggestions.trouble')}
          value={situation.problem}
          options={[none(), ...named(PROBLEMS, 'admin.suggestions.problem')]}
          onChange={(problem) => set({ problem })}
        />
      )}
      {state === 'delivered' && (
        <Choice
          label={t('admin.suggestions.arrived')}
          value={situation.arrived}
          options={[none(), ...named(ARRIVED, 'admin.suggestions.age')]}
          onChange={(arrived) => set({ arrived })}
        />
      )}
      <Choice
        label={t('admin.suggestions.others')}
        value={situation.others}
        options={[none(), ...OTHERS.map((name) => [name, otherOrder(name)] as const)]}
        onChange={(others) => set({ others })}
      />
    </>
  )
}

/** What was said before. */
function HistoryChoices({ situation, set, topics }: PartProps & { topics: Topic[] }) {
  const asked = topics
    .flatMap(({ categories }) => categories)
    .flatMap(({ questions }) => questions)
    .map(({ key, title }) => [key, title] as const)
  return (
    <>
      <Choice
        label={t('admin.suggestions.talking')}
        value={situation.talking_about}
        options={[none(), ...topics.map(({ key, title }) => [key, title] as const)]}
        onChange={(topic) => set({ talking_about: topic })}
      />
      <Choice
        label={t('admin.suggestions.answered')}
        value={situation.answered}
        options={[none(), ...asked]}
        onChange={(answered) => set({ answered })}
      />
      <Choice
        label={t('admin.suggestions.not_helped')}
        value={situation.not_helped}
        options={[none(), ...asked]}
        onChange={(question) => set({ not_helped: question })}
      />
    </>
  )
}

function Offered({ offered }: Trial) {
  return (
    <ol class="trial" aria-live="polite">
      {offered
        .filter(({ shown }) => shown)
        .map(({ key, title, why, again }) => (
          <li key={key}>
            <strong dir="auto">{title}</strong>
            <span class="muted small">
              {list(why.map((one) => one.title))}
              {again && ` · ${t('admin.suggestions.again')}`}
            </span>
          </li>
        ))}
    </ol>
  )
}

function none(): readonly [string, string] {
  return ['', t('admin.suggestions.none')]
}

function named(names: readonly string[], prefix: string): (readonly [string, string])[] {
  return names.map((name) => [name, t(`${prefix}.${name}`)] as const)
}

function otherOrder(name: string): string {
  return t(`admin.suggestions.problem.${name === 'late,late' ? 'several_late' : name}`)
}

function list(parts: string[]): string {
  return new Intl.ListFormat(interfaceLanguage.value, { type: 'conjunction' }).format(parts)
}
