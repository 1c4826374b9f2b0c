import {
  type Catalogue,
  type CatalogueLoader,
  language,
  negotiate,
  PSEUDO,
  useCatalogue,
} from '../core/i18n.ts'

type Loaders = Record<string, CatalogueLoader>

const KEPT = 'amparo.desk.language'

const desk: Loaders = {
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  ru: () => import('./locales/ru.json'),
  [PSEUDO]: () => import('./locales/en.json?pseudo'),
}

/** Languages a person can choose; the pseudo-language is for tests (`?lang=ar-XB`). */
export const OFFERED = Object.keys(desk).filter((tag) => tag !== PSEUDO)

const catalogues: Loaders[] = [desk]

/** Speak `tag` from now on: the texts of every part that is loaded come along. */
export async function setLanguage(tag: string): Promise<void> {
  const parts = await Promise.all(catalogues.map((loaders) => loaders[tag]!()))
  const texts: Catalogue = Object.assign({}, ...parts.map((part) => part.default))
  useCatalogue(tag, texts)
}

/** The texts of a part that is loaded later, in the language spoken now. */
export async function addCatalogue(loaders: Loaders): Promise<void> {
  if (!catalogues.includes(loaders)) catalogues.push(loaders)
  await setLanguage(language.peek())
}

/** What the person chose here, else what they are known to read, else what the browser says. */
export function firstLanguage(known?: string): string {
  const asked = new URLSearchParams(location.search).get('lang')
  return negotiate([asked, kept(), known, ...navigator.languages], Object.keys(desk))
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
