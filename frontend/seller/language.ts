import { type CatalogueLoader, negotiate, PSEUDO, useCatalogue } from '../core/i18n.ts'

const KEPT = 'amparo.seller.language'

const loaders: Record<string, CatalogueLoader> = {
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  ru: () => import('./locales/ru.json'),
  [PSEUDO]: () => import('./locales/en.json?pseudo'),
}

/** Languages a person can choose; the pseudo-language is for tests (`?lang=ar-XB`). */
export const OFFERED = Object.keys(loaders).filter((tag) => tag !== PSEUDO)

export async function setLanguage(tag: string): Promise<void> {
  useCatalogue(tag, (await loaders[tag]!()).default)
}

/** What the person chose here, else what they are known to read, else what the browser says. */
export function firstLanguage(known?: string): string {
  const asked = new URLSearchParams(location.search).get('lang')
  return negotiate([asked, kept(), known, ...navigator.languages], Object.keys(loaders))
}

export async function chooseLanguage(tag: string): Promise<void> {
  try {
    localStorage.setItem(KEPT, tag)
  } catch {
    // Without storage the choice lasts until the page is loaded again.
  }
  await setLanguage(tag)
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null
  }
}
