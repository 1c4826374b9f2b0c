import type { ChangeRow, MessageRow, Row } from '../core/conversation.ts'
import { dayKey } from '../core/time.ts'
import { describe, type Names } from './changes.ts'
import { REFUSED } from './second-answer.ts'

/** What is drawn in a thread, from top to bottom. */
export type Drawn =
  | { type: 'day'; key: string; at: string }
  /** From here on it is new to whoever looks. */
  | { type: 'since'; key: 'since' }
  | ({ type: 'change' } & Change)
  | { type: 'message'; key: string; row: MessageRow; first: boolean }

/** Something that happened, in words. */
export interface Change {
  key: string
  at: string
  seq: number
  text: string
  /** What somebody wrote with it. */
  words?: string
  /** The conversation it went to or came from. */
  other?: string
}

const TOGETHER_MS = 5 * 60_000

/**
 * Day separators between the rows, changes in words, which messages start a new speaker, and where
 * what is new begins: after number `since` (null: nothing is new). A message that waits for a
 * decision is drawn by the composer, not here.
 */
export function drawn(rows: readonly Row[], names: Names, since: number | null = null): Drawn[] {
  const out: Drawn[] = []
  let day = ''
  let before: MessageRow | null = null
  let tags: readonly string[] = []
  let marked = since === null
  for (const row of rows) {
    if (row.type === 'message' && row.problem?.code === REFUSED) continue
    const text = row.type === 'change' ? describe(row.event, names, tags) : null
    if (row.type === 'change' && row.event.kind === 'tags') tags = row.event.data.tags
    if (row.type === 'change' && (text === null || repeated(out, text))) continue
    if (dayKey(row.at) !== day) {
      day = dayKey(row.at)
      out.push({ type: 'day', key: `day-${day}`, at: row.at })
      before = null
    }
    if (!marked && isNews(row, since!, names.me)) {
      marked = true
      out.push({ type: 'since', key: 'since' })
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

/** What somebody else said after number `since`. */
function isNews(row: Row, since: number, me: string): boolean {
  return (
    row.type === 'message' &&
    row.seq !== null &&
    row.seq > since &&
    row.message.author.id !== me &&
    row.message.kind !== 'notice'
  )
}

function change({ key, at, event }: ChangeRow, text: string): Drawn {
  const drawn: Change = { key, at, seq: event.seq, text }
  if (event.kind === 'rated' && event.data.comment) drawn.words = event.data.comment
  if (event.kind === 'transferred' && event.data.note) drawn.words = event.data.note
  if (event.kind === 'merged' || event.kind === 'split') {
    const other = event.data.into ?? event.data.from
    if (other) drawn.other = other
  }
  return { type: 'change', ...drawn }
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

/** Messages of others below `after` that somebody scrolled up has not seen. */
export function unseen(rows: readonly Drawn[], after: string | null, me: string): number {
  if (after === null) return 0
  const at = rows.findIndex((row) => row.key === after)
  return rows
    .slice(at + 1)
    .filter((row) => row.type === 'message' && row.row.message.author.id !== me).length
}

/** How many rows are drawn at first, and how many more at a time when somebody reads further up. */
export const WINDOW = 150

/** The rows to draw: the last `count`. The first of them always says who speaks. */
export function lastRows(rows: readonly Drawn[], count: number): readonly Drawn[] {
  if (rows.length <= count) return rows
  const [first, ...others] = rows.slice(-count)
  return first?.type === 'message' ? [{ ...first, first: true }, ...others] : [first!, ...others]
}

/** How many of the last rows must be drawn so that event `seq` is among them; null: not here. */
export function reaching(rows: readonly Drawn[], seq: number): number | null {
  const at = rows.findIndex((row) => seqOf(row) !== null && seqOf(row)! >= seq)
  return at < 0 ? null : rows.length - at + 10
}

/** The number of the event that a row draws. */
export function seqOf(row: Drawn): number | null {
  if (row.type === 'message') return row.row.seq
  return row.type === 'change' ? row.seq : null
}
