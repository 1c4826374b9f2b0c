import { computed, effect, signal } from '@preact/signals'
import { Api, ApiProblem } from '../core/api.ts'
import {
  addTexts,
  type CatalogueLoader,
  language,
  negotiate,
  PSEUDO,
  useCatalogue,
} from '../core/i18n.ts'
import { Session } from '../core/session.ts'
import { sessionStore } from '../core/storage.ts'
import type { PanelStart } from '../core/types.ts'
import { useAccent } from '../ui/accent.ts'

/** What the server wrote into the page. Without it (opened in development) the URL says it. */
interface Boot {
  origins: string[]
  site: string
  lang?: string
}

const here = new URLSearchParams(location.search)

export const boot: Boot = {
  origins: [],
  site: here.get('site') ?? '',
  ...JSON.parse(document.getElementById('amparo-boot')?.textContent || '{}'),
}

export const store = sessionStore('amparo.panel.')

const first: Record<string, CatalogueLoader> = {
  en: () => import('./locales/en.json?first'),
  es: () => import('./locales/es.json?first'),
  ru: () => import('./locales/ru.json?first'),
  [PSEUDO]: () => import('./locales/en.json?pseudo-first'),
}

const rest: Record<string, CatalogueLoader> = {
  en: () => import('./locales/en.json?rest'),
  es: () => import('./locales/es.json?rest'),
  ru: () => import('./locales/ru.json?rest'),
  [PSEUDO]: () => import('./locales/en.json?pseudo-rest'),
}

/** Where the buyer is on the site; the loader says it. */
export const place = signal<{ page: string | null; order: string | null }>({
  page: null,
  order: null,
})

/** Set by the bridge: ask the site for a fresh token. */
export const tokenSource = { ask: async (): Promise<string | null> => null }

export const session = new Session({
  site: boot.site,
  store,
  language: () => language.value,
  askToken: () => tokenSource.ask(),
})

export const api = new Api({
  token: () => session.token,
  language: () => language.value,
  renew: () => session.renew(),
})

export const start = signal<PanelStart | null>(null)
export const startProblem = signal<ApiProblem | null>(null)
export const signedIn = computed(() => session.person.value?.role === 'buyer')

let whole = false

export async function chooseLanguage(tag?: string): Promise<void> {
  if (tag) store.set('language', tag)
  const kept = store.get<string>('language')
  const wished = [kept, here.get('lang'), boot.lang, ...navigator.languages]
  const taken = negotiate(wished, Object.keys(first))
  const parts = await Promise.all([first[taken]!(), whole ? rest[taken]!() : null])
  useCatalogue(taken, { ...parts[0].default, ...parts[1]?.default })
}

/** The texts of every view after the first. */
export async function wholeLanguage(): Promise<void> {
  if (whole) return
  const tag = language.value
  addTexts((await rest[tag]!()).default)
  whole = true
  // The language was changed meanwhile.
  if (tag !== language.value) await chooseLanguage()
}

let latest = 0

/** Everything the first view needs. A late answer to an earlier question is dropped. */
export async function loadStart(): Promise<void> {
  const mine = ++latest
  startProblem.value = null
  const { page, order } = place.value
  try {
    const query = { site: boot.site, lang: language.value, page, order }
    const answer = await api.get<PanelStart>('/api/v1/panel/start', { query })
    if (mine === latest) start.value = answer
  } catch (error) {
    if (mine === latest) startProblem.value = error as ApiProblem
  }
}

/** Languages a person may choose here; the pseudo-language only where it was asked for. */
export const languages = computed(() => {
  const offered = start.value?.site.languages ?? ['en']
  const list = offered.filter((tag) => tag in first)
  return language.value === PSEUDO ? [...list, PSEUDO] : list
})

// The marketplace's colour, by custom property only.
effect(() => {
  const accent = start.value?.site.accent
  if (accent) useAccent(accent)
})

/** The text of a problem: the server's own words, or ours where it could not speak. */
export function problemText(problem: unknown, offline: string, other: string): string {
  if (!(problem instanceof ApiProblem)) return other
  if (problem.code === 'offline') return offline
  return problem.detail ?? (problem.title || other)
}
