/** The policy of cases as a document: values at paths, and what was changed. */

export type Leaf = string | number | boolean | readonly (string | number)[]
export type Document = { readonly [key: string]: Leaf | Document }
export type Way = readonly string[]

export interface Value {
  path: Way
  value: Leaf
}

export interface Change {
  path: Way
  before: Leaf | undefined
  after: Leaf | undefined
}

function isDocument(value: Leaf | Document | undefined): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Every value of a document, in its order. */
export function values(document: Document, at: Way = []): Value[] {
  return Object.entries(document).flatMap(([key, value]): Value[] => {
    const path = [...at, key]
    return isDocument(value) ? values(value, path) : [{ path, value: value as Leaf }]
  })
}

export function valueAt(document: Document, path: Way): Leaf | undefined {
  let here: Leaf | Document | undefined = document
  for (const key of path) here = isDocument(here) ? here[key] : undefined
  return isDocument(here) ? undefined : here
}

/** The same document with one value changed. */
export function withValue(document: Document, [key, ...rest]: Way, value: Leaf): Document {
  if (key === undefined) return document
  const inner = document[key]
  const next = rest.length ? withValue(isDocument(inner) ? inner : {}, rest, value) : value
  return { ...document, [key]: next }
}

/** What differs, in the order of the new document; what it no longer has comes last. */
export function changes(before: Document, after: Document): Change[] {
  const found: Change[] = []
  for (const { path, value } of values(after)) {
    const old = valueAt(before, path)
    if (!same(old, value)) found.push({ path, before: old, after: value })
  }
  for (const { path, value } of values(before))
    if (valueAt(after, path) === undefined) found.push({ path, before: value, after: undefined })
  return found
}

function same(one: Leaf | undefined, other: Leaf | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

/** A value as it is written in a field. */
export function written(value: Leaf | undefined): string {
  return Array.isArray(value) ? value.join(', ') : String(value ?? '')
}

/** What was written, as the kind of value that stood there; null where it is none. */
export function read(text: string, like: Leaf): Leaf | null {
  const trimmed = text.trim()
  if (Array.isArray(like)) {
    const parts = trimmed ? trimmed.split(',').map((part) => part.trim()) : []
    if (!like.length || like.every((one) => typeof one === 'string')) return parts
    const numbers = parts.map(Number)
    return numbers.every((one) => Number.isFinite(one)) ? numbers : null
  }
  if (typeof like === 'number') {
    const number = Number(trimmed)
    return trimmed && Number.isSafeInteger(number) && number >= 0 ? number : null
  }
  if (typeof like === 'boolean') return trimmed === 'true'
  if (isSpan(like)) return isSpan(trimmed) ? trimmed : null
  return trimmed
}

const SPAN = /^(\d{1,5})(h|d|bd)$/

/** "5d", "3bd", "48h": a length of time. */
export function isSpan(value: Leaf | undefined): value is string {
  return typeof value === 'string' && SPAN.test(value)
}

/** Number and unit of a length of time. */
export function span(value: string): { n: number; unit: 'h' | 'd' | 'bd' } | null {
  const [, n, unit] = SPAN.exec(value) ?? []
  return unit ? { n: Number(n), unit: unit as 'h' | 'd' | 'bd' } : null
}

/** A document from a file; throws where it is none. */
export function parsed(text: string): Document {
  const found: unknown = JSON.parse(text)
  if (!isDocument(found as Document)) throw new Error('no document')
  return found as Document
}

/** A name for the next version: "2026.1" -> "2026.2". */
export function nextVersion(version: string): string {
  const [, head = '', tail] = /^(.*?)(\d+)$/.exec(version) ?? []
  return tail ? `${head}${Number(tail) + 1}` : `${version}.1`
}

/** A changed document has a version of its own. */
export function bumped(before: Document, after: Document): Document {
  const old = String(before.version ?? '')
  const only = changes(before, after).every(({ path }) => path[0] === 'version')
  if (only || String(after.version ?? '') !== old) return after
  return { ...after, version: nextVersion(old) }
}
