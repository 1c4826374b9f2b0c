import { useSignal } from '@preact/signals'
import { language as interfaceLanguage, languageName, t } from '../../core/i18n.ts'
import { path } from '../../desk/routes.ts'
import { api } from '../../desk/session.ts'
import { Empty } from '../../ui/states.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import {
  bySteps,
  type Counts,
  type Filter,
  languagesOf,
  lines,
  OUTCOMES,
  STEPS,
  type StepName,
  share,
  total,
} from './accounts.ts'
import { Choice } from './choice.tsx'
import type { Outcomes } from './types.ts'

const PERIODS = [7, 30, 90, 365] as const
const SHOWN = 100

/** What helped: what was asked, and what became of it. */
export function HelpedPage() {
  const days = useSignal(30)
  const filter = useSignal<Filter>({ step: null, language: null })
  const since = sinceOf(days.value)
  const query = { since, lang: interfaceLanguage.value }
  const outcomes = useLoaded(`${days.value} ${interfaceLanguage.value}`, () =>
    api.get<Outcomes>('/api/v1/admin/help/outcomes', { query }),
  )
  return (
    <Page title={t('admin.helped.title')} lead={t('admin.helped.lead')}>
      <Wait of={outcomes} label={t('admin.helped.title')} lines={8}>
        {({ rows, unanswered }) => (
          <>
            <div class="report-tools">
              <Choice
                label={t('admin.helped.period')}
                value={String(days.value)}
                options={PERIODS.map((n) => [String(n), t('admin.helped.days', { n })])}
                onChange={(value) => {
                  days.value = Number(value)
                }}
              />
              <Choice
                label={t('admin.helped.step')}
                value={filter.value.step ?? ''}
                options={[['', t('admin.helped.all')], ...STEPS.map(stepOption)]}
                onChange={(value) => {
                  filter.value = { ...filter.value, step: (value || null) as StepName | null }
                }}
              />
              <Choice
                label={t('admin.content.language')}
                value={filter.value.language ?? ''}
                options={[['', t('admin.helped.all')], ...languagesOf(rows).map(languageOption)]}
                onChange={(value) => {
                  filter.value = { ...filter.value, language: value || null }
                }}
              />
              <a
                class="button plain"
                href={`/api/v1/admin/help/outcomes.csv?${new URLSearchParams(query)}`}
                download
              >
                {t('admin.helped.csv')}
              </a>
            </div>
            {rows.length === 0 ? (
              <Empty icon="check" title={t('admin.helped.empty')}>
                {t('admin.helped.empty_hint')}
              </Empty>
            ) : (
              <Report rows={rows} filter={filter.value} unanswered={unanswered} />
            )}
          </>
        )}
      </Wait>
    </Page>
  )
}

function sinceOf(days: number): string {
  const now = new Date()
  return new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate() - days)).toISOString()
}

function stepOption(step: StepName): [string, string] {
  return [step, t(`admin.helped.step.${step}`)]
}

function languageOption(tag: string): [string, string] {
  return [tag, languageName(tag, interfaceLanguage.value)]
}

interface ReportProps {
  rows: Outcomes['rows']
  filter: Filter
  unanswered: number
}

function Report({ rows, filter, unanswered }: ReportProps) {
  const found = lines(rows, filter)
  const sum = total(rows, filter)
  return (
    <>
      <section>
        <dl class="counts">
          <Figure name={t('admin.helped.asked')} value={number(sum.asked)} />
          <Figure name={t('admin.helped.solved_share')} value={percent(share(sum, 'solved'))} />
          <Figure name={t('admin.helped.again_share')} value={percent(share(sum, 'recontacted'))} />
          <div>
            <dt>{t('admin.helped.unanswered')}</dt>
            <dd class="tabular">
              <a href={path({ app: 'admin', page: 'unanswered' })}>{number(unanswered)}</a>
            </dd>
          </div>
        </dl>
      </section>
      <section>
        <h2>{t('admin.helped.by_step')}</h2>
        <Table
          first={t('admin.helped.step')}
          rows={bySteps(rows, filter).map(([step, counts]) => ({
            key: step,
            name: t(`admin.helped.step.${step}`),
            counts,
          }))}
        />
      </section>
      <section>
        <h2>{t('admin.helped.by_question')}</h2>
        <Table
          first={t('admin.helped.question')}
          rows={found.slice(0, SHOWN).map((line) => ({
            key: `${line.question?.key} ${line.language}`,
            name: line.question?.title ?? t('admin.helped.no_question'),
            detail: languageName(line.language, interfaceLanguage.value),
            counts: line,
          }))}
        />
        {found.length > SHOWN && (
          <p class="muted">{t('admin.helped.more', { n: found.length - SHOWN })}</p>
        )}
      </section>
      <p class="muted small report-note">{t('admin.helped.note')}</p>
    </>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="tabular">{value}</dd>
    </div>
  )
}

interface TableRow {
  key: string
  name: string
  detail?: string
  counts: Counts
}

/** The numbers, and beside them the same as a bar for the eye. */
function Table({ first, rows }: { first: string; rows: TableRow[] }) {
  return (
    <table class="table outcomes">
      <thead>
        <tr>
          <th scope="col">{first}</th>
          <th scope="col">{t('admin.helped.asked')}</th>
          {OUTCOMES.map((name) => (
            <th key={name} scope="col">
              <span class={`swatch ${name}`} aria-hidden="true" />
              {t(`admin.helped.${name}`)}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, detail, counts }) => (
          <tr key={key}>
            <th scope="row">
              <bdi>{name}</bdi>
              {detail && <div class="muted small">{detail}</div>}
            </th>
            <td data-label={t('admin.helped.asked')} class="tabular">
              {number(counts.asked)}
            </td>
            {OUTCOMES.map((outcome) => (
              <td key={outcome} data-label={t(`admin.helped.${outcome}`)} class="tabular">
                {number(counts[outcome])}
              </td>
            ))}
            <td class="bar-cell" aria-hidden="true">
              <Bar counts={counts} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Bar({ counts }: { counts: Counts }) {
  return (
    <div class="bar">
      {OUTCOMES.filter((name) => counts[name] > 0).map((name) => (
        <span key={name} class={name} style={{ flexGrow: counts[name] }} />
      ))}
    </div>
  )
}

function number(n: number): string {
  return new Intl.NumberFormat(interfaceLanguage.value).format(n)
}

function percent(part: number | null): string {
  if (part === null) return '–'
  const style = { style: 'percent', maximumFractionDigits: 0 } as const
  return new Intl.NumberFormat(interfaceLanguage.value, style).format(part)
}
