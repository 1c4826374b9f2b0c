import type { ChangeRow, MessageRow, Row } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import { dayKey } from '../core/time.ts'
import type { ConversationEvent } from '../core/types.ts'
import { inSentence } from './inbox.ts'

/** What is drawn in a thread, from top to bottom. */
export type Drawn =
  | { type: 'day'; key: string; at: string }
  | { type: 'change'; key: string; at: string; text: string }
  | { type: 'message'; key: string; row: MessageRow; first: boolean }

export interface Names {
  /** The buyer, as the operator calls them. */
  buyer: string
  /** Id of who is looking. */
  me: string
}

const TOGETHER_MS = 5 * 60_000

/** Day separators between the rows, changes in words, and which messages start a new speaker. */
export function drawn(rows: readonly Row[], names: Names): Drawn[] {
  const out: Drawn[] = []
  let day = ''
  let before: MessageRow | null = null
  for (const row of rows) {
    const text = row.type === 'change' ? describe(row.event, names) : null
    if (row.type === 'change' && (text === null || repeated(out, text))) continue
    if (dayKey(row.at) !== day) {
      day = dayKey(row.at)
      out.push({ type: 'day', key: `day-${day}`, at: row.at })
      before = null
    }
    if (row.type === 'change') {
      out.push(change(row, text!))
      before = null
    } else {
      out.push({ type: 'message', key: row.key, row, first: !before || !together(before, row) })
      before = row
    }
  }
  return out
}

function change(row: ChangeRow, text: string): Drawn {
  return { type: 'change', key: row.key, at: row.at, text }
}

/** "Assigned" and the change of state it causes are one thing to a reader. */
function repeated(out: Drawn[], text: string): boolean {
  const last = out.at(-1)
  return last?.type === 'change' && last.text === text
}

function together(a: MessageRow, b: MessageRow): boolean {
  return (
    a.message.author.party === b.message.author.party &&
    a.message.author.id === b.message.author.id &&
    (a.message.kind === 'note') === (b.message.kind === 'note') &&
    Date.parse(b.at) - Date.parse(a.at) < TOGETHER_MS
  )
}

/** A change in words; null where another event says it already. */
export function describe(
  event: Exclude<ConversationEvent, { kind: 'message' }>,
  { buyer, me }: Names,
): string | null {
  const name = inSentence(buyer)
  switch (event.kind) {
    case 'joined':
      return t('desk.event.joined', { name })
    case 'order': {
      const ref = event.data.order_ref
      return ref ? t('desk.event.order', { ref }) : t('desk.event.order_none')
    }
    case 'assigned':
      return taken(event.data.operator, me)
    case 'state':
      return stateChange(event.data, name, me)
  }
}

function taken(operator: { id: string; name: string } | null | undefined, me: string) {
  if (!operator) return null
  if (operator.id === me) return t('desk.event.assigned_you')
  return t('desk.event.assigned', { name: inSentence(operator.name) })
}

function stateChange(
  { from, to, operator, reason }: Extract<ConversationEvent, { kind: 'state' }>['data'],
  name: string,
  me: string,
): string | null {
  switch (to) {
    case 'assigned':
      return taken(operator, me)
    case 'waiting':
      if (from === 'assigned') return t('desk.event.released')
      return t(from === null || from === 'bot' ? 'desk.event.waiting' : 'desk.event.reopened', {
        name,
      })
    case 'resolved':
      if (reason === 'by_buyer') return t('desk.event.resolved_buyer', { name })
      return operator
        ? t('desk.event.resolved_by', { name: inSentence(operator.name) })
        : t('desk.event.resolved')
    case 'deferred':
      if (reason === 'absent') return t('desk.event.deferred_absent', { name })
      return t('desk.event.deferred', { name })
    case 'snoozed':
      return t('desk.event.snoozed')
    case 'bot':
      return from === null ? null : t('desk.event.bot')
  }
}

/** Messages of others below `after` that somebody scrolled up has not seen. */
export function unseen(rows: readonly Drawn[], after: string | null, me: string): number {
  if (after === null) return 0
  const at = rows.findIndex((row) => row.key === after)
  return rows
    .slice(at + 1)
    .filter((row) => row.type === 'message' && row.row.message.author.id !== me).length
}
