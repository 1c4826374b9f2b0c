import type { MessageData } from '../core/types.ts'
import type { Kind } from './kinds.ts'

/** One quick fix on its way, from the question to the buyer until the server has it. */
export interface Fix {
  /** Made once, when the buyer pressed: sent again, it is the same request for ever. */
  id: string
  kind: Kind
  order: string
  conversation: string
  /** The conversation begins with it. */
  opens: boolean
  question: string | null
  step: 'ask' | 'sending' | 'failed'
  data: Record<string, unknown>
}

export type FixEvent =
  | { type: 'send'; data: Record<string, unknown> }
  | { type: 'failed' }
  | { type: 'again' }

/** What follows what; anything else changes nothing: a second click is no second request. */
export function next(fix: Fix, event: FixEvent): Fix {
  if (event.type === 'send' && fix.step === 'ask')
    return { ...fix, step: 'sending', data: event.data }
  if (event.type === 'failed' && fix.step === 'sending') return { ...fix, step: 'failed' }
  if (event.type === 'again' && fix.step === 'failed') return { ...fix, step: 'sending' }
  return fix
}

/** How a message says which request it belongs to. */
export interface Mark {
  id: string
  kind: string
  order: string
  state: 'asked' | 'done' | 'refused'
  overdue?: boolean
  text?: string
}

export type Progress = 'asked' | 'person' | 'overdue' | 'done' | 'refused'

export function markOf(message: Pick<MessageData, 'extra'>): Mark | null {
  const mark = message.extra?.request as Mark | undefined
  return mark && typeof mark.id === 'string' ? mark : null
}

/** How far a request is, from everything that was said of it: what is settled stays settled. */
export function progress(id: string, messages: Iterable<Pick<MessageData, 'extra'>>): Progress {
  let reached: Progress = 'asked'
  for (const message of messages) {
    const mark = markOf(message)
    if (mark?.id !== id) continue
    if (mark.state !== 'asked') return mark.state
    if (mark.overdue) reached = 'overdue'
    else if (mark.kind === 'open_dispute' && reached === 'asked') reached = 'person'
  }
  return reached
}
