import type { Titled, Topic } from '../core/types.ts'
import type { TextRow } from './types.ts'

/** Languages a question can be answered in, as the server knows them. */
export const CONTENT_LANGUAGES = ['en', 'es', 'ru', 'pt', 'fr', 'uk', 'de', 'zh'] as const

export interface Group {
  topic: Titled
  categories: { category: Titled; questions: TextRow[] }[]
}

/** What the source language is called; the other texts are made from it. */
export const SOURCE = 'en'

/** What of the list is shown. */
export const STATES = ['all', 'missing', 'stale', 'drafted', 'unreviewed'] as const
export type State = (typeof STATES)[number]

export interface Filter {
  query: string
  state: State
}

const FITS: Record<State, (row: TextRow) => boolean> = {
  all: () => true,
  missing: (row) => !row.answered,
  stale: (row) => row.stale,
  drafted: (row) => row.drafted,
  unreviewed: (row) => row.answered && !row.reviewed,
}

/** How many rows are in a state. */
export function countOf(rows: readonly TextRow[], state: State): number {
  return rows.filter(FITS[state]).length
}

/** Rows under their topics and categories. Rows that no topic names come last, without one. */
export function grouped(
  rows: readonly TextRow[],
  topics: readonly Topic[],
  filter: Filter,
): Group[] {
  const left = new Map(shown(rows, filter).map((row) => [row.key, row]))
  const groups: Group[] = []
  for (const { key, title, categories } of topics) {
    const kept = categories.map((category) => ({
      category: { key: category.key, title: category.title },
      questions: category.questions.flatMap(({ key: question }) => take(left, question)),
    }))
    const filled = kept.filter(({ questions }) => questions.length)
    if (filled.length) groups.push({ topic: { key, title }, categories: filled })
  }
  if (left.size) {
    const rest = { category: { key: '', title: '' }, questions: [...left.values()] }
    groups.push({ topic: { key: '', title: '' }, categories: [rest] })
  }
  return groups
}

function take(rows: Map<string, TextRow>, key: string): TextRow[] {
  const row = rows.get(key)
  rows.delete(key)
  return row ? [row] : []
}

function shown(rows: readonly TextRow[], { query, state }: Filter): TextRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter(
    (row) =>
      FITS[state](row) &&
      words.every((word) => `${row.title} ${row.key}`.toLowerCase().includes(word)),
  )
}

/** Question -> languages it is answered in. */
export function answeredIn(lists: readonly (readonly TextRow[])[]): Map<string, string[]> {
  const known = new Map<string, string[]>()
  for (const row of lists.flat())
    if (row.answered) known.set(row.key, [...(known.get(row.key) ?? []), row.language])
  return known
}

export type Block =
  | { type: 'text'; text: string }
  | { type: 'steps'; steps: string[] }
  | { type: 'video'; address: string }

/** The blocks of an answer: a line that starts with "1. " is a step, other lines are paragraphs. */
export function blocks(body: string): Block[] {
  const out: Block[] = []
  for (const line of body.split('\n').map((text) => text.trim())) {
    if (!line) continue
    const address = /^\[video\]\((\S+)\)$/i.exec(line)?.[1]
    if (address) {
      out.push({ type: 'video', address })
      continue
    }
    const step = /^\d+\. (.*)$/.exec(line)?.[1]
    const last = out.at(-1)
    if (step === undefined) out.push({ type: 'text', text: line })
    else if (last?.type === 'steps') last.steps.push(step)
    else out.push({ type: 'steps', steps: [step] })
  }
  return out
}
