import type { Macro } from './thread-types.ts'

/** What a text of a macro may name. */
export type Values = Partial<Record<'buyer' | 'operator' | 'order' | 'site', string | null>>

/** The text in the conversation's language, else in its base language, English, or the first one. */
export function textIn(macro: Macro, language: string): string {
  const { texts } = macro
  const base = language.split('-')[0] ?? ''
  const found = [language, base, 'en', Object.keys(texts)[0] ?? '']
  return texts[found.find((tag) => texts[tag]?.trim()) ?? ''] ?? ''
}

/** Fill in what is known. A name that we cannot fill stays visible: nobody sends an empty hole. */
export function filled(text: string, values: Values): string {
  return text.replace(
    /\{(buyer|operator|order|site)\}/g,
    (hole, name: keyof Values) => values[name] || hole,
  )
}

/** The holes that are still in a text. */
export function holes(text: string): string[] {
  return [...new Set(text.match(/\{(?:buyer|operator|order|site)\}/g) ?? [])]
}

const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/**
 * How well `text` answers to `query`: null where the letters of the query are not all in it, in
 * their order. Whole words and beginnings of words come before letters here and there.
 */
export function score(text: string, query: string): number | null {
  const [here, wanted] = [plain(text), plain(query.trim())]
  if (!wanted) return 0
  const at = here.indexOf(wanted)
  if (at === 0) return 1000 - here.length / 1000
  if (at > 0) return (/[\s_-]/.test(here[at - 1] ?? '') ? 800 : 600) - at / 1000
  let found = -1
  let points = 300
  for (const letter of wanted.replace(/\s/g, '')) {
    const next = here.indexOf(letter, found + 1)
    if (next < 0) return null
    if (found >= 0) points -= next - found - 1
    found = next
  }
  return points
}

/** The best of `all` for a query; by their names where nothing is asked. */
export function ranked<T>(all: readonly T[], query: string, texts: (one: T) => string[]): T[] {
  return all
    .map((one) => {
      const scores = texts(one).map((text) => score(text, query))
      return { one, points: Math.max(...scores.map((found) => found ?? -Infinity)) }
    })
    .filter(({ points }) => points > -Infinity)
    .sort((a, b) => b.points - a.points)
    .map(({ one }) => one)
}

/** What is being typed before the caret: a macro after `/`, a colleague after `@`. */
export interface Asked {
  sign: '/' | '@'
  query: string
  /** Where the sign stands. */
  from: number
  to: number
}

/** A sign counts at the beginning of a line or after a space: never in an address or a fraction. */
export function asked(text: string, caret: number, sign: Asked['sign']): Asked | null {
  const before = text.slice(0, caret)
  const found = /(?:^|\s)([/@])([^\s/@][^/@\n]{0,39})?$/u.exec(before)
  if (found?.[1] !== sign) return null
  const query = found[2] ?? ''
  // Two words are a name or the name of a macro; more are a sentence.
  if (query.split(/\s+/).length > 3) return null
  return { sign, query, from: caret - query.length - 1, to: caret }
}

/** The text with what was asked for in the place of the question, and where the caret goes. */
export function replaced(text: string, { from, to }: Asked, by: string): [string, number] {
  return [text.slice(0, from) + by + text.slice(to), from + by.length]
}

/** Of those who were chosen, whom the text still names. */
export function named<T extends { name: string }>(text: string, chosen: readonly T[]): T[] {
  return chosen.filter(({ name }) => text.includes(`@${name}`))
}
