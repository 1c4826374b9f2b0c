import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { clock } from '../core/time.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Notice, Skeleton } from '../ui/states.tsx'
import { BulkBar, Failures } from './bulk-bar.tsx'
import type { Desk } from './desk.ts'
import { FilterChips, FilterMenu } from './filter-menu.tsx'
import { isEmpty } from './filters.ts'
import { InboxRowView } from './inbox-row.tsx'
import { route } from './routes.ts'
import { SearchField } from './search-field.tsx'
import { SearchResults } from './search-results.tsx'
import { ViewTabs } from './view-menu.tsx'

/** A pointer that has rested for so long (ms) holds nothing any more. */
const RESTED_MS = 20_000

export function InboxPane({ desk }: { desk: Desk }) {
  const place = route.value
  const searching = place.app === 'desk' && place.view === 'search'
  return (
    <section class="inbox" aria-label={t('desk.inbox.title')}>
      <div class="inbox-head">
        <ViewTabs desk={desk} />
        <div class="inbox-tools">
          <SearchField desk={desk} searching={searching} />
          {!searching && <FilterMenu desk={desk} />}
          <Button
            kind={desk.primary.value === 'take_next' ? 'primary' : 'plain'}
            small
            busy={desk.taking.busy.value === 'take_next'}
            onClick={() => void desk.taking.takeNext()}
            aria-keyshortcuts={desk.keys.map.value.take_next}
          >
            {t('desk.action.take_next')}
          </Button>
        </div>
        {!searching && <FilterChips desk={desk} />}
      </div>
      {searching ? <SearchResults desk={desk} /> : <Rows desk={desk} />}
      {!searching && <BulkBar desk={desk} />}
    </section>
  )
}

function Rows({ desk }: { desk: Desk }) {
  const { lists, selection } = desk
  const list = lists.list.value
  const rows = lists.rows.value
  const box = useRef<HTMLUListElement>(null)
  const place = route.value
  const id = place.app === 'desk' ? place.id : null
  const cursor = selection.cursor.value
  const hold = useHold(desk)
  useEffect(() => {
    const wanted = cursor ? `[data-row="${cursor}"]` : '[aria-current]'
    box.current?.querySelector(wanted)?.scrollIntoView?.({ block: 'nearest' })
  }, [id, cursor])
  // As they are when this runs: an undo may have brought rows back since they were drawn.
  useEffect(() => selection.keep(lists.rows.peek().map(({ id }) => id)), [rows, lists, selection])
  if (list.at === null && !list.failed) return <Skeleton label={t('desk.inbox.title')} lines={6} />
  return (
    <div class={selection.size.value ? 'rows choosing' : 'rows'} {...hold}>
      {list.failed && <Stale desk={desk} />}
      <Failures desk={desk} />
      <Arrived desk={desk} />
      {rows.length === 0 && !list.failed && <Nothing desk={desk} />}
      <ul ref={box}>
        {rows.map((row) => (
          <InboxRowView
            key={row.id}
            row={row}
            desk={desk}
            current={row.id === id}
            draft={row.id !== id && desk.drafts.has(row.id)}
          />
        ))}
      </ul>
      {list.next && <More desk={desk} key={list.next} />}
    </div>
  )
}

/** While somebody points at the rows, none of them moves. Keys, and a long rest, let them go. */
function useHold({ lists }: Desk) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    const letGo = () => {
      clearTimeout(timer.current)
      if (lists.held.peek()) lists.hold(false)
    }
    addEventListener('keydown', letGo)
    return () => {
      removeEventListener('keydown', letGo)
      letGo()
    }
  }, [lists])
  return {
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerType !== 'mouse') return
      if (!lists.held.peek()) lists.hold(true)
      clearTimeout(timer.current)
      timer.current = setTimeout(() => lists.hold(false), RESTED_MS)
    },
    onPointerLeave: () => {
      clearTimeout(timer.current)
      lists.hold(false)
    },
  }
}

function Arrived({ desk: { lists } }: { desk: Desk }) {
  const n = lists.arrived.value
  return (
    <div class="arrived" role="status">
      {n > 0 && (
        <Button small onClick={() => lists.letIn()}>
          {t('desk.inbox.arrived', { n })}
        </Button>
      )}
    </div>
  )
}

/** The next page comes when the end of this one is near; the button is there for keyboards. */
function More({ desk: { lists } }: { desk: Desk }) {
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!end.current || !globalThis.IntersectionObserver) return
    const seen = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && void lists.more(),
      { rootMargin: '600px' },
    )
    seen.observe(end.current)
    return () => seen.disconnect()
  }, [lists])
  return (
    <div ref={end}>
      <Button kind="quiet" wide busy={lists.loadingMore.value} onClick={() => void lists.more()}>
        {t('desk.inbox.more')}
      </Button>
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
  const view = desk.lists.view.value
  const { order: _, ...narrowed } = desk.lists.filters.value
  if (isEmpty(narrowed))
    return <Empty title={t(`desk.inbox.empty.${view}`)}>{t(`desk.inbox.empty.${view}_hint`)}</Empty>
  return (
    <Empty
      title={t('desk.inbox.filter_none')}
      action={
        <Button small onClick={() => desk.narrow({})}>
          {t('desk.inbox.filter_clear')}
        </Button>
      }
    />
  )
}
