import { useSignal } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Row } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import { dayKey, dayName } from '../../core/time.ts'
import type { Author } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { jumpTo } from '../../ui/quote.tsx'
import { useRoving } from '../../ui/roving.ts'
import { lazy } from '../lazy.tsx'
import { Change, Thinking } from './between.tsx'
import { Said } from './said.tsx'

const CaseNotice = lazy(() => import('./case_notice.tsx'), 'CaseNotice', true)
const RequestNotice = lazy(() => import('../../quick/marks.tsx'), 'RequestNotice', true)

interface Props {
  id: string
  rows: Row[]
  me: Author
  state: string
  /** Everything from before has come: from here on it only grows at its end. */
  whole: boolean
}

/** What was said, by days. A log region: what comes new is read out, politely. */
export function Log({ id, rows, me, state, whole }: Props) {
  const holder = useRef<HTMLDivElement>(null)
  const { from, earlier, showFrom } = useEnd(holder, rows.length, whole)
  const isMessage = (row: Row) => row.type === 'message'
  const last = rows.findLast((row) => row.type === 'message' && row.message.kind === 'answer')
  const newest = rows.findLast((row) => row.type === 'message' && row.message.author.id === me.id)
  useRoving(holder, '.menu > button', rows[rows.length - 1]?.key)
  const jump = (message: string) => {
    if (jumpTo(message, holder.current!)) return
    const found = (row: Row) => row.type === 'message' && row.message.message_id === message
    showFrom(Math.max(0, rows.findIndex(found) - 10), () => jumpTo(message, holder.current!))
  }
  let day = ''
  let speaker = ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div ref={holder} class="log" role="log" aria-label={t('panel.log')} tabIndex={0}>
      {from > 0 && (
        <div class="earlier">
          <Button small onClick={earlier}>
            {t('panel.earlier', { n: rows.slice(0, from).filter(isMessage).length })}
          </Button>
        </div>
      )}
      {rows.slice(from).map((row) => {
        const newDay = dayKey(row.at) !== day
        day = dayKey(row.at)
        const said =
          row.type === 'message' && row.message.kind !== 'notice' ? row.message.author : null
        const who = said ? `${said.party} ${said.id}` : ''
        const same = who === speaker && !newDay
        speaker = who
        return (
          <div key={row.key}>
            {newDay && <p class="day">{dayName(row.at)}</p>}
            {row.type === 'change' ? (
              <Change row={row} />
            ) : row.message.kind === 'notice' && row.message.extra?.request ? (
              <RequestNotice message={row.message} />
            ) : row.message.kind === 'notice' && row.message.extra?.case ? (
              <CaseNotice message={row.message} />
            ) : row.message.kind === 'notice' ? (
              <p class="change" dir="auto">
                {row.message.body}
              </p>
            ) : (
              <Said
                {...{ id, row, me, state, same }}
                newest={row === newest}
                open={row === last && state === 'bot'}
                onJump={jump}
              />
            )}
          </div>
        )
      })}
      {state === 'bot' && <Thinking last={rows[rows.length - 1]} me={me} />}
    </div>
  )
}

const DRAWN = 120
const NEAR = 200

/**
 * Where drawing begins: a long conversation is drawn from near its end, and further up as somebody
 * goes there, without moving what they are reading.
 */
function useEnd(holder: { current: HTMLElement | null }, length: number, whole: boolean) {
  const end = Math.max(0, length - DRAWN)
  const chosen = useSignal<number | null>(null)
  const fixed = useRef<number | null>(null)
  if (whole) fixed.current ??= end
  const from = chosen.value ?? fixed.current ?? end
  const height = useRef<number | null>(null)
  const then = useRef<() => void>(undefined)
  const area = () => holder.current?.closest<HTMLElement>('.body')
  const showFrom = (index: number, run?: () => void) => {
    height.current = area()?.scrollHeight ?? null
    then.current = run
    chosen.value = index
  }
  const earlier = () => showFrom(Math.max(0, from - DRAWN))
  useLayoutEffect(() => {
    const scrolled = area()
    if (scrolled && height.current !== null)
      scrolled.scrollTop += scrolled.scrollHeight - height.current
    height.current = null
    then.current?.()
    then.current = undefined
  }, [from])
  useEffect(() => {
    const scrolled = area()
    if (!scrolled || !whole || !from) return
    const note = () => {
      if (scrolled.scrollTop < NEAR) earlier()
    }
    scrolled.addEventListener('scroll', note, { passive: true })
    return () => scrolled.removeEventListener('scroll', note)
  }, [from, whole])
  return { from, earlier, showFrom }
}
