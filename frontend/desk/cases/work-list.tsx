import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { CaseRow } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Empty, Notice, Skeleton } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { go, path } from '../routes.ts'
import { me } from '../session.ts'
import { DueIn } from './due.tsx'
import {
  CASE_ORDERS,
  type CaseFilters,
  isNarrowed,
  REASONS,
  STAGES,
  withCaseFilter,
} from './filters.ts'
import { useRowKeys } from './row-keys.ts'
import type { WorkList } from './work.ts'

interface ListProps {
  work: WorkList
  filters: CaseFilters
}

const to = (filters: CaseFilters) => ({ app: 'cases', id: null, filters }) as const

/** A list of cases: what is due first, or what is worth most. */
export function WorkListView({ work, filters }: ListProps) {
  const box = useRef<HTMLElement>(null)
  useRowKeys(box, work)
  return (
    <section class="work-list" aria-label={t(`desk.cases.list.${filters.list}`)} ref={box}>
      <div class="work-tools">
        <h2>{t(`desk.cases.list.${filters.list}`)}</h2>
        <Search filters={filters} />
        <Choice name="reason" values={REASONS} filters={filters} />
        {filters.list !== 'closed' && (
          <Choice name="stage" values={STAGES.slice(0, -1)} filters={filters} />
        )}
        <Orders filters={filters} />
      </div>
      <Rows work={work} filters={filters} />
    </section>
  )
}

/** In which order: deadline, amount, age. Links: the order stands in the address. */
function Orders({ filters }: { filters: CaseFilters }) {
  return (
    <nav class="work-orders" aria-label={t('desk.cases.order')}>
      {CASE_ORDERS.map((order) => (
        <a
          key={order}
          href={path(to({ ...filters, order }))}
          aria-current={order === filters.order ? 'true' : undefined}
        >
          {t(`desk.cases.order.${order}`)}
        </a>
      ))}
    </nav>
  )
}

interface ChoiceProps {
  name: 'reason' | 'stage'
  values: readonly string[]
  filters: CaseFilters
}

function Choice({ name, values, filters }: ChoiceProps) {
  return (
    <label class="work-choice">
      <span class="visually-hidden">{t(`desk.cases.${name}`)}</span>
      <select
        class="field"
        value={filters[name] ?? ''}
        data-set={filters[name] ? 'true' : undefined}
        onChange={({ currentTarget: { value } }) => go(to(withCaseFilter(filters, name, value)))}
      >
        <option value="">{t(`desk.cases.${name}.every`)}</option>
        {values.map((value) => (
          <option key={value} value={value}>
            {t(`desk.cases.${name}.${value}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

const PAUSE_MS = 250

function Search({ filters }: { filters: CaseFilters }) {
  const asked = filters.q ?? ''
  const text = useSignal(asked)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // What we asked ourselves comes back through the address; letters typed meanwhile stay.
  const sent = useRef(asked)
  useEffect(() => {
    if (asked !== sent.current) text.value = asked
    sent.current = asked
  }, [asked, text])
  useEffect(() => () => clearTimeout(timer.current), [])
  const ask = () => {
    clearTimeout(timer.current)
    const q = text.peek().trim()
    sent.current = q
    go(to(withCaseFilter(filters, 'q', q)), true)
  }
  return (
    <search class="inbox-search">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          ask()
        }}
      >
        <label>
          <Icon name="search" size={16} />
          <span class="visually-hidden">{t('desk.cases.search')}</span>
          <input
            type="search"
            value={text.value}
            maxLength={100}
            placeholder={t('desk.cases.search')}
            onInput={(event) => {
              text.value = event.currentTarget.value
              clearTimeout(timer.current)
              timer.current = setTimeout(ask, PAUSE_MS)
            }}
          />
        </label>
      </form>
    </search>
  )
}

function Rows({ work, filters }: ListProps) {
  const rows = work.rows.value
  const failed = work.failed.value
  return (
    <div class="work-rows">
      {failed && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={() => void work.refresh()}>
              {t('desk.inbox.refresh')}
            </Button>
          }
        >
          {t('desk.cases.failed')}
        </Notice>
      )}
      {!rows && !failed && <Skeleton label={t('desk.cases.title')} lines={6} />}
      {rows?.length === 0 && <Nothing filters={filters} />}
      {rows && rows.length > 0 && (
        <ul>
          {rows.map((row) => (
            <Row key={row.id} row={row} filters={filters} />
          ))}
        </ul>
      )}
      {work.next.value && (
        <Button kind="quiet" wide busy={work.loadingMore.value} onClick={() => void work.more()}>
          {t('desk.inbox.more')}
        </Button>
      )}
    </div>
  )
}

function Nothing({ filters }: { filters: CaseFilters }) {
  if (!isNarrowed(filters))
    return (
      <Empty icon="scale" title={t(`desk.cases.empty.${filters.list}`)}>
        {t(`desk.cases.empty.${filters.list}_hint`)}
      </Empty>
    )
  const { list, order } = filters
  return (
    <Empty
      title={t('desk.cases.empty.filtered')}
      action={
        <Button small onClick={() => go(to({ list, order }))}>
          {t('desk.inbox.filter_clear')}
        </Button>
      }
    />
  )
}

function Row({ row, filters }: { row: CaseRow; filters: CaseFilters }) {
  return (
    <li>
      <a
        class="work-row"
        data-case={row.id}
        data-yours={row.yours ? 'true' : undefined}
        href={path({ app: 'cases', id: row.id, filters })}
      >
        <span class="work-when">
          {row.closed_at ? <Ago at={row.closed_at} /> : <DueIn at={row.due_at} />}
        </span>
        <strong class="work-sum tabular">{row.amount?.amount ? money(row.amount) : ''}</strong>
        <span class="work-what">
          <span class="work-reason">
            {row.unread && (
              <>
                <span class="unread-dot" aria-hidden="true" />
                <span class="visually-hidden">{t('desk.cases.unread')}</span>
              </>
            )}
            <span class="tabular muted" dir="ltr">
              {row.number}
            </span>{' '}
            {row.reason_label}
          </span>
          <span class="work-item cut muted">
            <bdi>{row.title}</bdi>
          </span>
        </span>
        <span class="work-sides">
          <Side label={t('desk.cases.buyer')} name={row.buyer_name} />
          <Side label={t('desk.cases.seller')} name={row.store_name} />
        </span>
        <span class="work-state">
          {row.alarm && <Badge kind="danger">{t('desk.cases.alarm')}</Badge>}
          <Badge kind={row.yours ? 'accent' : row.closed_at ? 'success' : 'neutral'}>
            {row.outcome_label ?? row.state_label}
          </Badge>
        </span>
        <span class="work-hand muted cut">{handOf(row)}</span>
      </a>
    </li>
  )
}

function Side({ label, name }: { label: string; name: string | null }) {
  if (!name) return null
  return (
    <span class="cut">
      <span class="visually-hidden">{label}: </span>
      <bdi>{name}</bdi>
    </span>
  )
}

/** In whose hands it is. */
export function handOf({ operator, closed_at }: Pick<CaseRow, 'operator' | 'closed_at'>): string {
  if (operator) return operator.id === me().id ? t('desk.cases.mine') : operator.name
  return closed_at ? '' : t('desk.cases.nobody')
}
