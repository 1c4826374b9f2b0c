import { effect } from '@preact/signals'
import { addTexts, type CatalogueLoader, has, language, PSEUDO } from '../../core/i18n.ts'

const loaders: Record<string, CatalogueLoader> = {
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  ru: () => import('./locales/ru.json'),
  [PSEUDO]: () => import('./locales/en.json?pseudo'),
}

// A surface's catalogue is put in place of everything when the language changes: ours follows it.
effect(() => {
  const tag = language.value
  if (has('case.due.now')) return
  void loaders[tag]?.().then((texts) => {
    if (tag === language.peek()) addTexts(texts.default)
  })
})

/** Whether our texts are there; until then there is nothing to show. */
export const ready = () => has('case.due.now')
