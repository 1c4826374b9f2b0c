import { type Signal, signal } from '@preact/signals'
import { emptyThread, reduce, type Thread } from './conversation.ts'
import type { Live } from './live.ts'
import type { ConversationEvent, Looker, Party, PositionFrame, ProblemFrame } from './types.ts'

/** The exact place in the queue; `reason`: why it changed for the worse, in the reader's language. */
export type Standing = Pick<PositionFrame, 'position' | 'reason'> &
  Partial<Pick<PositionFrame, 'wait_low_s' | 'wait_high_s'>>

export interface Writer {
  party: Party
  name: string
}

/** A conversation followed live. `thread` is replaced at most once per animation frame. */
export interface Followed {
  thread: Signal<Thread>
  /** False until everything that happened before was received. */
  caughtUp: Signal<boolean>
  position: Signal<Standing | null>
  problem: Signal<ProblemFrame | null>
  /** Who of the other sides is writing just now. */
  typing: Signal<readonly Writer[]>
  /** Staff: which colleagues have it before them. */
  looking: Signal<readonly Looker[]>
  close(): void
}

/** Whoever writes says so again every few seconds; after this silence they have stopped. */
const WRITING_MS = 7000

/**
 * Follow `conversation` over `live`, from `start` when it is still in memory. `onEvents` hears what
 * is new after the catching up (for announcements and unread badges).
 */
export function follow(
  live: Live,
  conversation: string,
  start: Thread = emptyThread(conversation),
  onEvents?: (events: ConversationEvent[]) => void,
): Followed {
  const thread = signal(start)
  const caughtUp = signal(false)
  const position: Followed['position'] = signal(null)
  const problem: Followed['problem'] = signal(null)
  const looking: Followed['looking'] = signal([])
  const { typing, heard, ended } = writers()
  const close = live.subscribe(conversation, start.seq, {
    events(events) {
      thread.value = reduce(thread.value, events)
      if (thread.value.state !== 'waiting') position.value = null
      for (const event of events) if (event.kind === 'message') ended(event.data.author.name)
      deliver(live, thread.value)
      if (caughtUp.value) onEvents?.(events)
    },
    caughtUp() {
      caughtUp.value = true
    },
    position({ position: place, reason, wait_low_s, wait_high_s }) {
      position.value = { position: place, reason, wait_low_s, wait_high_s }
    },
    problem(frame) {
      problem.value = frame
    },
    typing({ party, name, on }) {
      if (on) heard({ party, name })
      else ended(name)
    },
    looking({ people }) {
      looking.value = people
    },
  })
  return { thread, caughtUp, position, problem, typing, looking, close }
}

/** Those who are writing, each for as long as they say so. */
function writers() {
  const typing = signal<readonly Writer[]>([])
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const ended = (name: string) => {
    clearTimeout(timers.get(name))
    timers.delete(name)
    if (typing.peek().some((one) => one.name === name))
      typing.value = typing.peek().filter((one) => one.name !== name)
  }
  const heard = (writer: Writer) => {
    clearTimeout(timers.get(writer.name))
    timers.set(
      writer.name,
      setTimeout(() => ended(writer.name), WRITING_MS),
    )
    if (!typing.peek().some(({ name }) => name === writer.name))
      typing.value = [...typing.peek(), writer]
  }
  return { typing, heard, ended }
}

/** The side on which the person of a connection stands. */
export function sideOf(live: Live): Party {
  const role = live.person.peek()?.role
  if (role === 'operator' || role === 'administrator') return 'staff'
  return role === 'seller' ? 'seller' : 'buyer'
}

/** Tell the others that their last message is here, once. */
function deliver(live: Live, { id, items, receipts }: Thread): void {
  const side = sideOf(live)
  const last = items.findLast(
    (event) => event.kind === 'message' && event.data.author.party !== side,
  )
  if (last && last.seq > (receipts[side]?.delivered ?? 0)) live.seen(id, last.seq, false)
}
