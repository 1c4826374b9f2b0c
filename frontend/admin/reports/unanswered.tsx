import { type Signal, useSignal } from '@preact/signals'
import { language as interfaceLanguage, languageName, t } from '../../core/i18n.ts'
import { uuid4 } from '../../core/ids.ts'
import type { Topic } from '../../core/types.ts'
import { api } from '../../desk/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { Choice } from './choice.tsx'
import { NewQuestion } from './new-question.tsx'
import { said } from './said.ts'
import { fetchTopics } from './tree.ts'
import type { Unanswered, UnansweredPage as UnansweredRows } from './types.ts'

const URL = '/api/v1/admin/help/unanswered'
const STATES = ['open', 'example', 'question', 'dismissed'] as const
type State = (typeof STATES)[number]

/** Questions that were not answered: one click teaches the assistant, or asks for a new answer. */
export function UnansweredPage() {
  const state = useSignal<State>('open')
  const topics = useLoaded(`topics ${interfaceLanguage.value}`, fetchTopics)
  const rows = useLoaded(`${state.value} ${interfaceLanguage.value}`, () =>
    api.get<UnansweredRows>(URL, { query: { state: state.value, lang: interfaceLanguage.value } }),
  )
  const settled = (id: string) => {
    const known = rows.data.peek()
    if (known) rows.data.value = { ...known, items: known.items.filter((one) => one.id !== id) }
  }
  const more = async () => {
    const known = rows.data.peek()
    if (!known?.next) return
    try {
      const query = { state: state.value, lang: interfaceLanguage.value, cursor: known.next }
      const { items, next } = await api.get<UnansweredRows>(URL, { query })
      rows.data.value = { items: [...known.items, ...items], next }
    } catch (error) {
      toast(said(error))
    }
  }
  return (
    <Page title={t('admin.unanswered.title')} lead={t('admin.unanswered.lead')}>
      <div class="report-tools">
        <Choice
          label={t('admin.unanswered.show')}
          value={state.value}
          options={STATES.map((name) => [name, t(`admin.unanswered.state.${name}`)])}
          onChange={(value) => {
            state.value = value as State
          }}
        />
      </div>
      <Wait of={rows} label={t('admin.unanswered.title')} lines={8}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty icon="check" title={t(`admin.unanswered.empty.${state.value}`)}>
              {state.value === 'open' && t('admin.unanswered.empty_hint')}
            </Empty>
          ) : (
            <>
              <ul class="unanswered">
                {items.map((row) => (
                  <Row key={row.id} row={row} topics={topics.data.value ?? []} done={settled} />
                ))}
              </ul>
              {next && (
                <Button kind="quiet" wide onClick={() => void more()}>
                  {t('admin.deliveries.more')}
                </Button>
              )}
            </>
          )
        }
      </Wait>
    </Page>
  )
}

interface RowProps {
  row: Unanswered
  topics: Topic[]
  done(id: string): void
}

function Row({ row, topics, done }: RowProps) {
  return (
    <li class="unanswered-row">
      <p class="unanswered-text" lang={row.language} dir="auto">
        {row.text}
      </p>
      <p class="unanswered-facts muted small">
        <Badge kind={row.why === 'not_helped' ? 'warning' : 'neutral'}>
          {t(`admin.unanswered.why.${row.why}`)}
        </Badge>
        <span>{t('admin.unanswered.count', { n: row.count })}</span>
        <span>{languageName(row.language, interfaceLanguage.value)}</span>
        <Ago at={row.last_at} />
      </p>
      {row.why === 'not_helped' && row.answered && (
        <p class="muted small">
          {t('admin.unanswered.answered', { question: row.answered.title })}
        </p>
      )}
      {row.instead && (
        <p class="muted small">{t('admin.unanswered.instead', { question: row.instead.title })}</p>
      )}
      {row.state === 'open' ? (
        <Decisions row={row} topics={topics} done={done} />
      ) : (
        row.question && (
          <p class="small">{t('admin.unanswered.became', { question: row.question.title })}</p>
        )
      )}
    </li>
  )
}

function Decisions({ row, topics, done }: RowProps) {
  const busy = useSignal(false)
  const writing = useSignal(false)
  const decide = async (
    verb: 'example' | 'dismiss' | 'question',
    body: Record<string, string>,
    thanks: string,
  ): Promise<boolean> => {
    busy.value = true
    try {
      const path = { unanswered_id: row.id }
      await api.post(`${URL}/{unanswered_id}/${verb}`, { id: uuid4(), ...body }, { path })
      toast(thanks)
      done(row.id)
      return true
    } catch (error) {
      toast(said(error))
      return false
    } finally {
      busy.value = false
    }
  }
  const example = (question: string) =>
    void decide('example', { question }, t('admin.unanswered.taught'))
  if (writing.value)
    return (
      <NewQuestion
        row={row}
        topics={topics}
        busy={busy.value}
        onCancel={() => {
          writing.value = false
        }}
        onSave={(body) => decide('question', body, t('admin.unanswered.added'))}
      />
    )
  return (
    <div class="unanswered-ways">
      <fieldset class="nearest" aria-busy={busy.value}>
        <legend class="small">{t('admin.unanswered.same_as')}</legend>
        {row.nearest.map(({ key, title }) => (
          <Button key={key} small onClick={() => example(key)}>
            <bdi>{title}</bdi>
          </Button>
        ))}
        <Others topics={topics} nearest={row.nearest} onChoose={example} />
      </fieldset>
      <div class="nearest">
        <Button
          small
          icon="note"
          onClick={() => {
            writing.value = true
          }}
        >
          {t('admin.unanswered.new')}
        </Button>
        <Button
          small
          kind="quiet"
          busy={busy.value}
          onClick={() => void decide('dismiss', {}, t('admin.unanswered.dismissed'))}
        >
          {t('admin.unanswered.dismiss')}
        </Button>
      </div>
    </div>
  )
}

interface OthersProps {
  topics: Topic[]
  nearest: Unanswered['nearest']
  onChoose(key: string): void
}

/** Every other question, for when none of the nearest is the right one. */
function Others({ topics, nearest, onChoose }: OthersProps) {
  const near = new Set(nearest.map(({ key }) => key))
  const chosen: Signal<string> = useSignal('')
  return (
    <span class="other-question">
      <select
        class="field"
        aria-label={t('admin.unanswered.other')}
        value={chosen.value}
        onChange={(event) => {
          chosen.value = event.currentTarget.value
        }}
      >
        <option value="">{t('admin.unanswered.other')}</option>
        {topics.map((topic) => (
          <optgroup key={topic.key} label={topic.title}>
            {topic.categories
              .flatMap(({ questions }) => questions)
              .filter(({ key }) => !near.has(key))
              .map(({ key, title }) => (
                <option key={key} value={key}>
                  {title}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
      {chosen.value && (
        <Button small kind="primary" onClick={() => onChoose(chosen.value)}>
          {t('admin.unanswered.teach')}
        </Button>
      )}
    </span>
  )
}
