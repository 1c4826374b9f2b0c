import { has, isRtl, language, t } from '../core/i18n.ts'
import type { Page } from '../core/types.ts'
import type { InboxRow } from './types.ts'

/** One list of the inbox as it is known here. Rows stay in the server's order. */
export interface List {
  rows: InboxRow[]
  next: string | null
  /** When the rows were fetched (ms), null before the first time. */
  at: number | null
  failed: boolean
}

export const EMPTY: List = { rows: [], next: null, at: null, failed: false }

/** The first page came (again): it replaces the rows; pages fetched below it are asked for anew. */
export function fresh(page: Page<InboxRow>, at: number): List {
  return { rows: page.items, next: page.next, at, failed: false }
}

/** A further page came: rows that moved up meanwhile are not shown twice. */
export function further(list: List, page: Page<InboxRow>): List {
  const known = new Set(list.rows.map((row) => row.id))
  const rows = [...list.rows, ...page.items.filter((row) => !known.has(row.id))]
  return { ...list, rows, next: page.next }
}

/** A fetch failed: what is known stays on the screen. */
export function failed(list: List): List {
  return { ...list, failed: true }
}

/**
 * The rows of `incoming` where those of `shown` stand: what is said in them is new, but nothing
 * comes, goes or changes its place. For as long as somebody points at one of them.
 */
export function inPlace(shown: List, incoming: List): List {
  const news = new Map(incoming.rows.map((row) => [row.id, row]))
  return { ...incoming, rows: shown.rows.map((row) => news.get(row.id) ?? row), next: shown.next }
}

/** How many of `incoming` are not in `shown` yet. */
export function arrivals(shown: List, incoming: List): number {
  const known = new Set(shown.rows.map((row) => row.id))
  return incoming.rows.filter((row) => !known.has(row.id)).length
}

/** A fresh beginning before rows further down that were not asked for again. */
export function headed(list: List, head: List): List {
  if (!head.next || list.rows.length <= head.rows.length) return head
  const known = new Set(head.rows.map((row) => row.id))
  const tail = list.rows.slice(head.rows.length).filter((row) => !known.has(row.id))
  return { ...head, rows: [...head.rows, ...tail], next: list.next }
}

/** Take a row out at once, before the server's next list says so. */
export function without(list: List, id: string): List {
  return { ...list, rows: list.rows.filter((row) => row.id !== id) }
}

/** The row `step` away from the chosen one; without a chosen one the first. Stops at the ends. */
export function neighbour(rows: readonly InboxRow[], id: string | null, step: 1 | -1) {
  const at = rows.findIndex((row) => row.id === id)
  if (at < 0) return rows[0] ?? null
  return rows[at + step] ?? null
}

export function buyerName(row: { buyer: { name: string } | null }): string {
  return row.buyer?.name || t('desk.row.visitor')
}

const RTL_LETTER = /[\u0590-\u08ff\ufb1d-\ufefc]/

/** A name inside a sentence of the other direction must not turn the sentence round. */
export function inSentence(name: string): string {
  if (RTL_LETTER.test(name) === isRtl(language.value)) return name
  return `\u2068${name}\u2069`
}

/** A topic in words; one that an administrator added is shown by its key. */
export function topicName(key: string): string {
  return has(`desk.topic.${key}`) ? t(`desk.topic.${key}`) : key.replaceAll('_', ' ')
}

/** Whether somebody waits for a person's word. The assistant's is none, once a person was asked. */
export function waitsForUs({ state, unanswered, last_message }: InboxRow): boolean {
  if (state === 'resolved') return false
  const asked = state === 'waiting' || state === 'assigned'
  return unanswered || (asked && last_message?.author_party === 'assistant')
}

const ORDINARY = 5
const URGENT = 2

/** How loud a row is. A smaller priority is more urgent. */
export function urgency(priority: number): 'urgent' | 'high' | null {
  if (priority <= URGENT) return 'urgent'
  return priority < ORDINARY ? 'high' : null
}

/**
 * Run `work` now; calls while it runs or within `pause` ms after it are answered by one further run.
 * A burst of hints becomes two fetches, and the last hint is never lost. `work` says its own failures.
 */
export function coalesced(work: () => Promise<void>, pause: number): () => void {
  let busy = false
  let again = false
  const run = async () => {
    busy = true
    again = false
    try {
      await work()
    } finally {
      setTimeout(() => {
        busy = false
        if (again) run()
      }, pause)
    }
  }
  return () => {
    if (busy) again = true
    else run()
  }
}
