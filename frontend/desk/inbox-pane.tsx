import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { clock } from '../core/time.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Notice, Skeleton } from '../ui/states.tsx'
import type { Desk } from './desk.ts'
import { InboxRowView } from './inbox-row.tsx'
import { path, route, VIEWS, type View } from './routes.ts'

export function InboxPane({ desk }: { desk: Desk }) {
  const { lists } = desk
  return (
    <section class="inbox" aria-label={t('desk.inbox.title')}>
      <div class="inbox-head">
        <Views desk={desk} />
        <div class="inbox-tools">
          <label class="inbox-filter">
            <Icon name="search" size={16} />
            <span class="visually-hidden">{t('desk.inbox.filter')}</span>
            <input
              type="search"
              value={lists.query.value}
              placeholder={t('desk.inbox.filter_hint')}
              onInput={(event) => {
                lists.query.value = event.currentTarget.value
              }}
            />
          </label>
          <Button
            kind={desk.primary.value === 'take_next' ? 'primary' : 'plain'}
            small
            busy={desk.taking.busy.value === 'take_next'}
            onClick={() => void desk.taking.takeNext()}
            aria-keyshortcuts="t"
          >
            {t('desk.action.take_next')}
          </Button>
        </div>
      </div>
      <Rows desk={desk} />
    </section>
  )
}

function Views({ desk }: { desk: Desk }) {
  const place = route.value
  const id = place.app === 'desk' ? place.id : null
  const counts = desk.lists.counts.value
  // Being resolved: gone for the eye, though the server counts it for some seconds more.
  const going = desk.lists.hidden.value.size
  const count: Partial<Record<View, number>> = counts
    ? { waiting: counts.waiting, mine: counts.mine - going, all: counts.all_open - going }
    : {}
  return (
    <nav class="views" aria-label={t('desk.view.label')}>
      {VIEWS.map((view) => (
        <a
          key={view}
          href={path({ app: 'desk', view, id })}
          aria-current={desk.lists.view.value === view ? 'page' : undefined}
        >
          <span>{t(`desk.view.${view}`)}</span>{' '}
          {count[view] !== undefined && <span class="count tabular">{count[view]}</span>}
        </a>
      ))}
    </nav>
  )
}

function Rows({ desk }: { desk: Desk }) {
  const { lists } = desk
  const list = lists.list.value
  const rows = lists.rows.value
  const box = useRef<HTMLUListElement>(null)
  const place = route.value
  const id = place.app === 'desk' ? place.id : null
  useEffect(() => {
    box.current?.querySelector('[aria-current]')?.scrollIntoView?.({ block: 'nearest' })
  }, [id])
  if (list.at === null && !list.failed) return <Skeleton label={t('desk.inbox.title')} lines={6} />
  return (
    <div class="rows">
      {list.failed && <Stale desk={desk} />}
      {rows.length === 0 && !list.failed && <Nothing desk={desk} />}
      <ul ref={box}>
        {rows.map((row) => (
          <InboxRowView
            key={row.id}
            row={row}
            view={lists.view.value}
            current={row.id === id}
            draft={row.id !== id && desk.drafts.has(row.id)}
          />
        ))}
      </ul>
      {list.next && !lists.query.value && (
        <Button kind="quiet" wide busy={lists.loadingMore.value} onClick={() => void lists.more()}>
          {t('desk.inbox.more')}
        </Button>
      )}
    </div>
  )
}

function Stale({ desk }: { desk: Desk }) {
  const { at } = desk.lists.list.value
  return (
    <Notice
      kind="warning"
      action={
        <Button small onClick={() => desk.lists.refresh()}>
          {t('desk.inbox.refresh')}
        </Button>
      }
    >
      {t('desk.inbox.failed')}{' '}
      {at && t('desk.inbox.stale', { time: clock(new Date(at).toISOString()) })}
    </Notice>
  )
}

function Nothing({ desk }: { desk: Desk }) {
  const { lists } = desk
  const q = lists.query.value.trim()
  const view = lists.view.value
  if (q && lists.list.value.rows.length)
    return (
      <Empty
        title={t('desk.inbox.filter_none', { q })}
        action={
          <Button
            small
            onClick={() => {
              lists.query.value = ''
            }}
          >
            {t('desk.inbox.filter_clear')}
          </Button>
        }
      />
    )
  return <Empty title={t(`desk.inbox.empty.${view}`)}>{t(`desk.inbox.empty.${view}_hint`)}</Empty>
}
