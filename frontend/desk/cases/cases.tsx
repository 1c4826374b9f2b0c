import { useEffect, useMemo } from 'preact/hooks'
import { PSEUDO, t } from '../../core/i18n.ts'
import { ready } from '../../ui/case/texts.ts'
import { addCatalogue } from '../language.ts'
import { route } from '../routes.ts'
import { me } from '../session.ts'
import { CasePage } from './case-page.tsx'
import './cases.css'
import './page.css'
import './deciding.css'
import './narrow.css'
import { CaseRail } from './rail.tsx'
import { type WorkList, workOf } from './work.ts'
import { WorkListView } from './work-list.tsx'

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

/** How often (ms) a list that somebody looks at is read again. */
const AGAIN_MS = 30_000

/** The work list of cases, or one of them. */
export function Cases() {
  const place = route.value
  const work = useMemo(() => workOf(me()), [])
  const inCases = place.app === 'cases'
  const filters = inCases ? place.filters : work.filters.peek()
  const id = inCases ? place.id : null
  useEffect(() => {
    void work.show(filters)
  }, [work, JSON.stringify(filters)])
  useFresh(work)
  if (!ready()) return <main class="page" aria-busy="true" />
  return (
    <main id="cases" class="cases" tabIndex={-1} data-open={id ? 'true' : undefined}>
      <h1 class="visually-hidden">{t('desk.cases.title')}</h1>
      <CaseRail work={work} filters={filters} />
      {id ? (
        <CasePage key={id} id={id} work={work} filters={filters} />
      ) : (
        <WorkListView work={work} filters={filters} />
      )}
    </main>
  )
}

/** Read again while somebody looks, and when they come back. */
function useFresh(work: WorkList): void {
  useEffect(() => {
    const look = () => {
      if (!document.hidden) void work.refresh()
    }
    const timer = setInterval(look, AGAIN_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [work])
}
