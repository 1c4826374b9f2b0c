import { signal } from '@preact/signals'
import { format, type Node, type Params, parse } from './icu.ts'

export type Catalogue = Record<string, string>
export type CatalogueLoader = () => Promise<{ default: Catalogue }>

export const PSEUDO = 'ar-XB'

/** Language of the interface; every text and date follows it at once. */
export const language = signal('en')
const texts = signal<Catalogue>({})
let parsed = new Map<string, Node[]>()

/** Text `key` of the current catalogue, filled in. A missing text shows its key: tests see it. */
export function t(key: string, params: Params = {}): string {
  const text = texts.value[key]
  if (text === undefined) return key
  let nodes = parsed.get(key)
  if (!nodes) {
    nodes = parse(text)
    parsed.set(key, nodes)
  }
  return format(nodes, params, language.value)
}

export function has(key: string): boolean {
  return key in texts.value
}

/** Texts of a lazy view, beside those already there. */
export function addTexts(more: Catalogue): void {
  texts.value = { ...texts.value, ...more }
}

export function useCatalogue(tag: string, catalogue: Catalogue): void {
  parsed = new Map()
  texts.value = catalogue
  language.value = tag
  const root = globalThis.document?.documentElement
  if (root) {
    root.lang = tag
    root.dir = isRtl(tag) ? 'rtl' : 'ltr'
  }
}

/** Load and switch to the best of `loaders` for the wished tags; returns the tag taken. */
export async function loadLanguage(
  wished: readonly (string | null | undefined)[],
  loaders: Record<string, CatalogueLoader>,
): Promise<string> {
  const tag = negotiate(wished, Object.keys(loaders))
  const { default: catalogue } = await loaders[tag]!()
  useCatalogue(tag, catalogue)
  return tag
}

/** The first wished language that is offered (exactly, or by its language part), else English. */
export function negotiate(
  wished: readonly (string | null | undefined)[],
  offered: readonly string[],
): string {
  for (const wish of wished) {
    const exact = offered.find((tag) => tag.toLowerCase() === wish?.toLowerCase())
    const base = wish?.split('-')[0]?.toLowerCase()
    const found = exact ?? offered.find((tag) => tag === base)
    if (found) return found
  }
  return offered.includes('en') ? 'en' : (offered[0] ?? 'en')
}

export function isRtl(tag: string): boolean {
  return /^(ar|fa|he|ur|ps|sd|ug|yi|dv)\b/i.test(tag)
}

export { languageName } from './language_name.ts'
