import { PSEUDO } from '../../core/i18n.ts'
import { addCatalogue } from '../language.ts'
import { route } from '../routes.ts'
import './cases.css'

const loaders = {
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  ru: () => import('./locales/ru.json'),
  [PSEUDO]: () => import('./locales/en.json?pseudo'),
}

/** The texts of the cases, before they are drawn. */
export function loadTexts(): Promise<void> {
  return addCatalogue(loaders)
}

/** The work list of cases, or one of them. */
export function Cases() {
  const place = route.value
  if (place.app !== 'cases') return null
  return <main id="cases" class="cases" tabIndex={-1} />
}
