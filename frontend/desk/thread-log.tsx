import { useComputed, useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { rows } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import { clock, dayName, exact } from '../core/time.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/states.tsx'
import type { Desk } from './desk.ts'
import { MessageView } from './message-view.tsx'
import type { Open } from './open.ts'
import { me } from './session.ts'
import { type Drawn, drawn, unseen } from './thread-rows.ts'

const NEAR_PX = 80

export function ThreadLog({ desk, open, name }: { desk: Desk; open: Open; name: string }) {
  const box = useRef<HTMLDivElement>(null)
  /** The last row that was on the screen; null while the end is in sight. */
  const left = useSignal<string | null>(null)
  const list = useComputed(() => {
    const { id, name: own } = me()
    const all = rows(open.followed.thread.value, desk.live.outbox.entries.value, {
      id,
      name: own,
      party: 'staff',
    })
    return drawn(all, { buyer: name, me: id })
  }).value
  const waiting = !open.followed.caughtUp.value && open.followed.thread.value.seq === 0
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
        }}
      >
        {waiting && <Skeleton label={t('desk.thread.log')} lines={5} />}
        {!waiting && list.length === 0 && <p class="muted">{t('desk.thread.empty')}</p>}
        {list.map((item) => (
          <DrawnRow key={item.key} item={item} desk={desk} buyer={name} />
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

function DrawnRow({ item, desk, buyer }: { item: Drawn; desk: Desk; buyer: string }) {
  if (item.type === 'day') return <h3 class="day">{dayName(item.at)}</h3>
  if (item.type === 'message')
    return <MessageView desk={desk} row={item.row} first={item.first} buyer={buyer} />
  return (
    <p class="change">
      <span>{item.text}</span>{' '}
      <time class="tabular" dateTime={item.at} title={exact(item.at)}>
        {clock(item.at)}
      </time>
    </p>
  )
}
