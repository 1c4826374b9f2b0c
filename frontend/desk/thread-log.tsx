import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks'
import { rows } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import { clock, dayName, exact } from '../core/time.ts'
import { Button } from '../ui/button.tsx'
import { useReading } from '../ui/reading.ts'
import { useRoving } from '../ui/roving.ts'
import { Skeleton } from '../ui/states.tsx'
import type { Desk } from './desk.ts'
import { MessageView } from './message-view.tsx'
import type { Open } from './open.ts'
import { path, route } from './routes.ts'
import { me } from './session.ts'
import { type Drawn, drawn, lastRows, reaching, unseen, WINDOW } from './thread-rows.ts'

const NEAR_PX = 80
/** Reading this near to the first row that is drawn brings more of them. */
const TOP_PX = 400
const FOUND_MS = 2500

export function ThreadLog({ desk, open, name }: { desk: Desk; open: Open; name: string }) {
  const box = useRef<HTMLDivElement>(null)
  /** The last row that was on the screen; null while the end is in sight. */
  const left = useSignal<string | null>(null)
  const count = useSignal(WINDOW)
  const list = useComputed(() => {
    const { id, name: own } = me()
    const all = rows(open.followed.thread.value, desk.live.outbox.entries.value, {
      id,
      name: own,
      party: 'staff',
    })
    return drawn(all, { buyer: name, me: id }, open.since.value)
  }).value
  const { editing, leaving } = desk.thread.writing
  const said = { desk, open, buyer: name, editing: editing.value, leaving: leaving.value }
  const caughtUp = open.followed.caughtUp.value
  const waiting = !caughtUp && open.followed.thread.value.seq === 0
  const fresh = unseen(list, left.value, me().id)
  const lastKey = list.at(-1)?.key

  const toEnd = () => {
    const area = box.current
    if (area) area.scrollTop = area.scrollHeight
    left.value = null
  }
  useLayoutEffect(() => {
    const last = list.at(-1)
    const own = last?.type === 'message' && last.row.delivery === 'sending'
    if (left.peek() === null || own) toEnd()
  }, [list, waiting])
  useEffect(() => {
    // A growing composer takes room from below: the end stays in sight.
    const watcher = new ResizeObserver(() => left.peek() === null && toEnd())
    watcher.observe(box.current!)
    return () => watcher.disconnect()
  }, [])
  useReading(
    () => box.current,
    list,
    (seq) => open.read(seq),
    caughtUp,
  )
  useRoving(box, '.menu > .button', list)
  useMore(box, count)
  useJump({ box, open, list, count, left, lastKey, ready: caughtUp })

  return (
    <div class="thread-log-frame">
      <div
        ref={box}
        class="thread-log"
        role="log"
        aria-label={t('desk.thread.log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled area must be reachable by keys
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
          const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX
          left.value = atEnd ? null : (left.peek() ?? lastKey ?? null)
          if (scrollTop < TOP_PX && count.peek() < list.length) count.value += WINDOW
        }}
      >
        {waiting && <Skeleton label={t('desk.thread.log')} lines={5} />}
        {!waiting && list.length === 0 && <p class="muted">{t('desk.thread.empty')}</p>}
        {lastRows(list, count.value).map((item) => (
          <DrawnRow key={item.key} item={item} said={said} />
        ))}
      </div>
      {fresh > 0 && (
        <Button class="new-messages" kind="primary" small icon="down" onClick={toEnd}>
          {t('desk.thread.new', { n: fresh })}
        </Button>
      )}
    </div>
  )
}

/** Rows that come above push nothing away: what was read stays where it is. */
function useMore(box: { current: HTMLDivElement | null }, count: { value: number }): void {
  const before = useRef({ count: count.value, height: 0, top: 0 })
  useLayoutEffect(() => {
    const area = box.current
    if (!area) return
    if (before.current.count < count.value && before.current.top > 0)
      area.scrollTop = before.current.top + area.scrollHeight - before.current.height
  }, [count.value])
  const area = box.current
  if (area) before.current = { count: count.value, height: area.scrollHeight, top: area.scrollTop }
}

interface Jump {
  box: { current: HTMLDivElement | null }
  open: Open
  list: readonly Drawn[]
  count: { value: number; peek(): number }
  left: { value: string | null }
  lastKey: string | undefined
  ready: boolean
}

/** Show the event that the address or a quote names, in the middle and for a moment marked. */
function useJump({ box, open, list, count, left, lastKey, ready }: Jump): void {
  const place = route.value
  const named = place.app === 'desk' && place.id === open.id ? place.at : undefined
  useEffect(() => {
    if (named) open.jump.value = named
  }, [named, open])
  const wanted = open.jump.value
  useLayoutEffect(() => {
    if (wanted === null || !ready) return
    const needed = reaching(list, wanted)
    if (needed === null) {
      open.jump.value = null
      return
    }
    if (needed > count.peek()) {
      count.value = needed
      return
    }
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[data-seq]') ?? [])]
    const found = all.find(({ dataset }) => Number(dataset.seq) >= wanted)
    open.jump.value = null
    if (!found) return
    left.value = lastKey ?? null
    found.scrollIntoView({ block: 'center' })
    found.classList.add('found')
    setTimeout(() => found.classList.remove('found'), FOUND_MS)
  }, [wanted, ready, list, count.value])
}

/** What all rows are drawn with: read once for all, a signal for each row is dear. */
interface SaidIn {
  desk: Desk
  open: Open
  buyer: string
  editing: string | null
  leaving: ReadonlySet<string>
}

function DrawnRow({ item, said }: { item: Drawn; said: SaidIn }) {
  switch (item.type) {
    case 'day':
      return <h3 class="day">{dayName(item.at)}</h3>
    case 'since':
      return <p class="since">{t('desk.thread.since')}</p>
    case 'message':
      return <Said item={item} {...said} />
    case 'change':
      return <Changed item={item} />
  }
}

/** Drawn again only when something of it has changed, however long the thread. */
function Said(props: SaidIn & { item: Drawn & { type: 'message' } }) {
  const { item, desk, open, buyer } = props
  const { row, first } = item
  const { message, delivery, problem, held, quoted, at } = row
  const editing = props.editing === message.message_id
  const leaving = props.leaving.has(message.message_id)
  return useMemo(
    () => <MessageView {...{ desk, open, row, first, buyer, editing, leaving }} />,
    [message, delivery, problem, held, quoted, at, first, buyer, desk, open, editing, leaving],
  )
}

function Changed({ item }: { item: Drawn & { type: 'change' } }) {
  return (
    <div class="change" data-seq={item.seq}>
      <p>
        <span>{item.text}</span>{' '}
        {item.other && (
          <a href={path({ app: 'desk', view: 'all', id: item.other })}>{t('desk.event.other')}</a>
        )}{' '}
        <time class="tabular" dateTime={item.at} title={exact(item.at)}>
          {clock(item.at)}
        </time>
      </p>
      {item.words && (
        <p class="change-words" dir="auto">
          {item.words}
        </p>
      )}
    </div>
  )
}
