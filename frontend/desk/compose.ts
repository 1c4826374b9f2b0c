import { graphemes } from '../ui/text.ts'

/**
 * What may be written where. A reply and a note are two separate texts: nothing typed as a note can
 * be sent as a reply by a change of the switch, because the switch changes the text with it.
 */
export type Mode = 'reply' | 'note'

export interface Standing {
  state: string
  operator: { id: string } | null
  /** The conversation that goes on in its place: nothing can be written here any more. */
  merged_into?: string | null
}

export type Lock = 'waiting' | 'other' | 'resolved' | 'bot' | 'merged'

/**
 * Whose it is, if not this person's; null when it is theirs. Notes are possible but
 * in a merged one, a reply wherever `mayReply` says so.
 */
export function lock(conversation: Standing, me: string): Lock | null {
  if (conversation.merged_into) return 'merged'
  if (conversation.state === 'resolved') return 'resolved'
  if (conversation.operator) return conversation.operator.id === me ? null : 'other'
  return conversation.state === 'bot' ? 'bot' : 'waiting'
}

/**
 * A colleague's conversation can be answered too: beside its owner, who sees it happen, and never
 * by accident (the composer opens with a note there and says whose it is). One that nobody has is
 * taken first, so that the queue knows who serves whom.
 */
export function mayReply(locked: Lock | null): boolean {
  return locked === null || locked === 'other'
}

/** The side the composer opens with: a reply in one's own conversation, else a note. */
export function startMode(locked: Lock | null): Mode {
  return locked ? 'note' : 'reply'
}

export interface Outgoing {
  body: string
  note: boolean
}

/** What leaves the composer, or null when nothing may: empty, too long, or a reply where none is possible. */
export function outgoing(
  mode: Mode,
  locked: Lock | null,
  text: string,
  limit: number,
  pictures = 0,
): Outgoing | null {
  const body = text.trim()
  if (!(body || pictures) || graphemes(body) > limit) return null
  if (locked === 'merged') return null
  if (mode === 'note') return { body, note: true }
  return mayReply(locked) ? { body, note: false } : null
}

export type Action = 'take_next' | 'take' | 'send'

/** The one action drawn as primary: what this operator most likely does next. */
export function primary(conversation: Standing | null, me: string): Action {
  if (!conversation) return 'take_next'
  if (conversation.state === 'waiting' && !conversation.operator) return 'take'
  return lock(conversation, me) === null ? 'send' : 'take_next'
}
