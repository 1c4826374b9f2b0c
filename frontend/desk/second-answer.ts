import type { Thread } from '../core/conversation.ts'
import type { OutboxEntry } from '../core/outbox.ts'

/** What a colleague said to the buyer while a text of ours was being written. */
export interface Meanwhile {
  message_id: string
  /** Its number in the staff's stream. */
  seq: number
  body: string
  operator: string
}

/** The code of the server's refusal; the outbox never sends such a message again by itself. */
export const REFUSED = 'answered_meanwhile'

/** The colleagues' public answers after number `basis`, the oldest first; deleted ones are none. */
export function answersSince(thread: Thread, basis: number, me: string): Meanwhile[] {
  const found: Meanwhile[] = []
  for (const event of thread.items) {
    if (event.seq <= basis || event.kind !== 'message') continue
    const { author, kind, body, message_id, deleted } = event.data
    if (author.party !== 'staff' || author.id === me || kind !== 'text' || deleted) continue
    found.push({ message_id, seq: event.seq, body, operator: author.name })
  }
  return found
}

/** Our messages in `conversation` that wait for a decision, the oldest first. */
export function undecided(
  entries: readonly OutboxEntry[],
  conversation: string,
): readonly OutboxEntry[] {
  return entries.filter((one) => one.conversation === conversation && one.failed?.code === REFUSED)
}

/** What the refusal itself says, for as long as the stream has not brought the answer. */
export function answerIn(params: Record<string, unknown> | undefined): Meanwhile | null {
  const { message_id, seq, body, operator } = params ?? {}
  if (typeof seq !== 'number') return null
  const named = operator as { name?: unknown } | string | null | undefined
  const name = typeof named === 'object' ? named?.name : named
  return {
    message_id: String(message_id ?? ''),
    seq,
    body: typeof body === 'string' ? body : '',
    operator: typeof name === 'string' ? name : '',
  }
}

/** What was just sent by whom, for a refused message: from the stream, else from the refusal. */
export function answersTo(entry: OutboxEntry, thread: Thread, me: string): Meanwhile[] {
  const known = answersSince(thread, entry.after ?? 0, me)
  const told = answerIn(entry.failed?.params)
  if (!told || known.some(({ seq }) => seq === told.seq)) return known
  return [...known, told].sort((a, b) => a.seq - b.seq)
}

/** The number that a message decided about now knows of: nothing that was shown refuses it again. */
export function knownNow(entry: OutboxEntry, thread: Thread): number {
  return Math.max(thread.seq, answerIn(entry.failed?.params)?.seq ?? 0)
}
