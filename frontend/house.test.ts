// House rules of the front end, as tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pseudo } from './build/pseudo.ts'
import { type Node, parse } from './core/icu.ts'
import { firstView } from './panel/first_view.ts'

const ROOT = import.meta.dirname
const PARTS = ['quick', 'pictures', 'ui/case', 'desk/cases']
const APPS = ['panel', 'desk', 'admin', 'seller', ...PARTS].filter((app) =>
  existsSync(join(ROOT, app, 'locales/en.json')),
)
const LANGUAGES = ['en', 'es', 'ru']

function files(folder: string, pattern: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => pattern.test(name) && !/node_modules|\.test\./.test(name))
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const catalogue = (app: string, language: string): Record<string, string> =>
  JSON.parse(read(`${app}/locales/${language}.json`))

function names(nodes: Node[]): string[] {
  const found = nodes.flatMap((node) => {
    if (typeof node === 'string') return []
    return [node.name, ...Object.values(node.cases ?? {}).flatMap(names)]
  })
  return [...new Set(found.filter((name) => name !== '#'))].sort()
}

describe.each(APPS)('texts of %s', (app) => {
  const english = catalogue(app, 'en')

  it.each(LANGUAGES)('are complete in %s, with the same parameters', (language) => {
    const texts = catalogue(app, language)
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort())
    for (const [key, text] of Object.entries(texts))
      expect([key, names(parse(text))]).toEqual([key, names(parse(english[key]!))])
  })

  it.each(LANGUAGES)('have every plural form of %s', (language) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const check = (key: string, nodes: Node[]): void => {
      for (const node of nodes) {
        if (typeof node === 'string' || !node.cases) continue
        if (node.type === 'plural') {
          const given = Object.keys(node.cases)
          const missing = forms.filter((form) => !given.includes(form) && !exempt(given, form))
          expect([key, missing]).toEqual([key, []])
        }
        for (const inner of Object.values(node.cases)) check(key, inner)
      }
    }
    for (const [key, text] of Object.entries(catalogue(app, language))) check(key, parse(text))
  })

  it('can be turned into the pseudo-language', () => {
    for (const text of Object.values(pseudo(english))) expect(() => parse(text)).not.toThrow()
  })

  it('say nothing with an exclamation mark', () => {
    for (const language of LANGUAGES)
      for (const text of Object.values(catalogue(app, language))) expect(text).not.toMatch(/[!¡]/)
  })

  it('are all there that the code asks for', () => {
    const asked = files(app, /\.tsx?$/).flatMap((name) =>
      [...read(name).matchAll(/\bt\(\s*'([\w.]+)'/g)].map((match) => match[1]!),
    )
    const known = new Set([...APPS.flatMap((one) => Object.keys(catalogue(one, 'en')))])
    expect(asked.filter((key) => !known.has(key))).toEqual([])
  })
})

// "=1" says all that "one" could where other numbers that take that form read the same as "other";
// "many" of Spanish is for millions; fractions do not occur in counts.
function exempt(given: string[], form: string): boolean {
  return given.includes('=1') || form === 'other' || (form === 'many' && !given.includes('few'))
}

it("the panel's first view asks only for texts that come with it", () => {
  const eager = ['app', 'home', 'lazy', 'main', 'row', 'screen', 'trouble', 'hours']
  const asked = eager.flatMap((name) => {
    const path = existsSync(join(ROOT, `panel/${name}.tsx`)) ? `${name}.tsx` : `${name}.ts`
    return [...read(`panel/${path}`).matchAll(/'(panel\.[\w.]+)'/g)].map((match) => match[1]!)
  })
  expect(asked.length).toBeGreaterThan(20)
  expect(asked.filter((key) => !firstView(key))).toEqual([])
})

describe('styles', () => {
  const sheets = ['ui', ...APPS, 'loader'].flatMap((folder) => files(folder, /\.css$/))

  it('know no left and right: every language reads them', () => {
    const physical =
      /(^|[\s;{])((margin|padding|border|inset)-(left|right|top|bottom)|left|right|top|bottom)\s*:|text-align\s*:\s*(left|right)|float\s*:\s*(left|right)/
    const found = sheets.flatMap((sheet) =>
      read(sheet)
        .split('\n')
        .filter((line) => physical.test(line))
        .map((line) => `${sheet}: ${line.trim()}`),
    )
    expect(found).toEqual([])
  })

  it('take colours from the tokens', () => {
    const own = sheets
      .filter((sheet) => !sheet.endsWith('tokens.css'))
      .filter((sheet) => /#[0-9a-f]{3,8}\b|rgba?\(|hsl\(/i.test(read(sheet)))
    expect(own).toEqual([])
  })
})

it('every file is short enough to read', () => {
  const long = ['core', 'ui', 'loader', 'build', ...APPS]
    .flatMap((folder) => files(folder, /\.(tsx?|mjs)$/))
    .filter((name) => !name.endsWith('schema.d.ts') && read(name).split('\n').length > 400)
  expect(long).toEqual([])
})
