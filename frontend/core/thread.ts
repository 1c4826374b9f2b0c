import { type Signal, signal } from '@preact/signals'
import { emptyThread, reduce, type Thread } from './conversation.ts'
import type { Live } from './live.ts'
import type { ConversationEvent, ProblemFrame } from './types.ts'

/** A conversation followed live. `thread` is replaced at most once per animation frame. */
export interface Followed {
  thread: Signal<Thread>
  /** False until everything that happened before was received. */
  caughtUp: Signal<boolean>
  position: Signal<{ position: number | null; reason: string | null } | null>
  problem: Signal<ProblemFrame | null>
  close(): void
}

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
  const close = live.subscribe(conversation, start.seq, {
    events(events) {
      thread.value = reduce(thread.value, events)
      if (thread.value.state !== 'waiting') position.value = null
      if (caughtUp.value) onEvents?.(events)
    },
    caughtUp() {
      caughtUp.value = true
    },
    position({ position: place, reason }) {
      position.value = { position: place, reason }
    },
    problem(frame) {
      problem.value = frame
    },
  })
  return { thread, caughtUp, position, problem, close }
}
