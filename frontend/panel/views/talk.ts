import { type Signal, signal } from '@preact/signals'
import { ApiProblem } from '../../core/api.ts'
import type { MessageRow } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import { uuid4 } from '../../core/ids.ts'
import type { Author, Quote } from '../../core/types.ts'
import { api, problemText, store } from '../state.ts'

/** The message whose words are being changed, or that is asked about before it is deleted. */
export const changing = signal<{ message: string; what: 'edit' | 'delete' } | null>(null)

const answers = new Map<string, Signal<Quote | null>>()

/** What the next message of a conversation answers; kept over a reload, like its draft. */
export function answering(id: string): Signal<Quote | null> {
  const known = answers.get(id)
  if (known) return known
  const key = `quote.${id}`
  const fresh = signal(store.get<Quote>(key) ?? null)
  fresh.subscribe((quote) => (quote ? store.set(key, quote) : store.remove(key)))
  answers.set(id, fresh)
  return fresh
}

const EXCERPT = 140

/** A message as another one quotes it. */
export function quoteOf({ message }: MessageRow): Quote {
  const { message_id, author, body, extra } = message
  const text = body || (extra?.files?.[0]?.name ?? '')
  const excerpt = text.length > EXCERPT ? `${text.slice(0, EXCERPT - 1)}…` : text
  return { message_id, author: { name: author.name, party: author.party }, excerpt }
}

const EDIT_MS = 15 * 60_000

/** One's own words, as they were written, may be changed for a while; taken back at any time. */
export function mayEdit(row: MessageRow, me: Author, state: string, now: number): boolean {
  const { message, at } = row
  const mine = mayDelete(row, me) && message.kind === 'text' && state !== 'resolved'
  const written = message.body && !message.extra?.request && !('question' in (message.extra ?? {}))
  return mine && !!written && now - Date.parse(at) < EDIT_MS
}

export function mayDelete({ message, seq }: MessageRow, me: Author): boolean {
  return seq !== null && message.author.id === me.id && !message.deleted
}

/** How authors are called in the panel. */
export function nameOf(author: Pick<Author, 'name' | 'party'>, own: boolean): string {
  if (own) return t('panel.you')
  return author.party === 'assistant' ? t('panel.assistant') : author.name
}

const MESSAGE = '/api/v1/conversations/{id}/messages/{message_id}'

/** Throws `ApiProblem`. The event that follows draws it. */
export async function edit(id: string, message: string, body: string): Promise<void> {
  const path = { id, message_id: message }
  await api.request('PATCH', MESSAGE, { path, body: { id: uuid4(), body } })
}

export async function remove(id: string, message: string): Promise<void> {
  await api.delete(MESSAGE, { path: { id, message_id: message } })
}

/** A refusal in words. */
export function why(problem: unknown): string {
  return problemText(problem, t('panel.trouble.offline'), t('panel.trouble.other'))
}

export function isConflict(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.status === 409
}
