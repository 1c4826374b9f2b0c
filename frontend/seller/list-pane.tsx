import { useEffect, useId } from 'preact/hooks'
import { language, t } from '../core/i18n.ts'
import { money } from '../core/money.ts'
import { exact, now, relative } from '../core/time.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Notice, Skeleton } from '../ui/states.tsx'
import { go, LISTS, ORDERS, path, place } from './routes.ts'
import { type CaseRow, urgency, type WorkList } from './work-list.ts'

/** The work list: what waits for the seller first, each by its deadline. */
export function ListPane({ work }: { work: WorkList }) {
  const { list, id } = place.value
  const n = work.yours.value.length
  useEffect(() => {
    if (id === null) document.title = `${n ? `(${n}) ` : ''}${t('seller.name')} · Amparo`
  }, [n, id, language.value])
  return (
    <section class="work" aria-label={t('seller.list.label')}>
      <div class="work-head">
        <nav class="tabs" aria-label={t('seller.list.which')}>
          {LISTS.map((one) => (
            <a
              key={one}
              href={path({ ...place.value, list: one, id: null })}
              aria-current={one === list ? 'page' : undefined}
            >
              {t(`seller.list.${one}`)}
            </a>
          ))}
        </nav>
        <OrderChoice />
      </div>
      <Rows work={work} />
    </section>
  )
}

function OrderChoice() {
  const id = useId()
  return (
    <div class="work-order">
      <label for={id}>{t('seller.list.order')}</label>
      <select
        id={id}
        class="field"
        value={place.value.order}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          go({ ...place.value, order: ORDERS.find((one) => one === chosen) ?? 'due' }, true)
        }}
      >
        {ORDERS.map((one) => (
          <option key={one} value={one}>
            {t(`seller.order.${one}`)}
          </option>
        ))}
      </select>
    </div>
  )
}

function Rows({ work }: { work: WorkList }) {
  const { at, failed, items, list, next } = work.shown.value
  const yours = work.yours.value
  const others = work.others.value
  if (at === null && !failed) return <Skeleton label={t('seller.list.label')} lines={6} />
  return (
    <div class="rows">
      {failed && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={() => void work.refresh()}>
              {t('seller.retry')}
            </Button>
          }
        >
          {t('seller.list.failed')}
        </Notice>
      )}
      {at !== null && items.length === 0 && (
        <Empty icon={list === 'open' ? 'check' : 'box'} title={t(`seller.list.empty_${list}`)}>
          {t(`seller.list.empty_${list}_hint`)}
        </Empty>
      )}
      {yours.length > 0 && <Group title={t('seller.list.yours', { n: yours.length })} of={yours} />}
      {others.length > 0 && (
        <Group title={yours.length ? t('seller.list.others') : null} of={others} />
      )}
      {next && (
        <Button kind="quiet" wide busy={work.busy.value} onClick={() => void work.more()}>
          {t('seller.list.more')}
        </Button>
      )}
    </div>
  )
}

function Group({ title, of }: { title: string | null; of: CaseRow[] }) {
  const id = useId()
  return (
    <section aria-labelledby={title ? id : undefined}>
      {title && (
        <h2 id={id} class="group-title">
          {title}
        </h2>
      )}
      <ul>
        {of.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </section>
  )
}

function Row({ row }: { row: CaseRow }) {
  const current = place.value.id === row.id
  return (
    <li>
      <a
        class="case-row"
        href={path({ ...place.value, id: row.id })}
        aria-current={current ? 'true' : undefined}
      >
        {row.image ? <img src={row.image} alt="" width={44} height={44} /> : <Thing />}
        <span class="case-row-what">
          <span class="case-row-title">
            <strong dir="auto">{row.title}</strong>
            {row.unread && <Badge kind="accent">{t('seller.row.unread')}</Badge>}
          </span>
          <span>{row.reason_label}</span>
          <span class="muted">
            {row.number} · {t('seller.row.order', { ref: row.order })}
            {row.buyer_name && (
              <>
                {' · '}
                <bdi>{row.buyer_name}</bdi>
              </>
            )}
          </span>
          <span class="case-row-state">{row.outcome_label ?? row.state_label}</span>
        </span>
        <span class="case-row-end">
          {row.amount && <strong class="tabular">{money(row.amount)}</strong>}
          <Due row={row} />
        </span>
      </a>
    </li>
  )
}

function Thing() {
  return (
    <span class="case-row-none">
      <Icon name="box" />
    </span>
  )
}

function Due({ row }: { row: CaseRow }) {
  const at = row.closed_at ?? row.due_at
  if (!at) return null
  const how = row.closed_at || !row.yours ? 'later' : urgency(row.due_at, now.value)
  return (
    <time class={`due ${how}`} dateTime={at} title={exact(at)}>
      {relative(at)}
    </time>
  )
}
