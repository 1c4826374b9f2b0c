import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { PSEUDO, t } from '../core/i18n.ts'
import { addCatalogue } from '../desk/language.ts'
import { type AdminPage, path, route } from '../desk/routes.ts'
import { me } from '../desk/session.ts'
import { Empty, Notice } from '../ui/states.tsx'
import './admin.css'
import { Content } from './content.tsx'
import { Deliveries } from './deliveries.tsx'
import { OverviewPage } from './overview.tsx'
import { ConfusedPage } from './reports/confused.tsx'
import { HelpedPage } from './reports/helped.tsx'
import { SuggestionsPage } from './reports/suggestions.tsx'
import { UnansweredPage } from './reports/unanswered.tsx'

const loaders = {
  en: () => import('./locales/en.json'),
  es: () => import('./locales/es.json'),
  ru: () => import('./locales/ru.json'),
  [PSEUDO]: () => import('./locales/en.json?pseudo'),
}

/** The texts of the administration, before it is drawn. */
export function loadTexts(): Promise<void> {
  return addCatalogue(loaders)
}

/** The administration. Whoever is no administrator is told so and shown the way back. */
export function Admin() {
  if (me().role !== 'administrator') return <NotForYou />
  const place = route.value
  if (place.app !== 'admin') return null
  return (
    <div class="admin">
      <nav class="admin-nav" aria-label={t('admin.nav.label')}>
        {PAGES.map((page) => (
          <NavLink key={page} page={page} current={place.page} />
        ))}
      </nav>
      {place.page === 'overview' && <OverviewPage />}
      {place.page === 'content' && <Content language={place.language} id={place.key} />}
      {place.page === 'helped' && <HelpedPage />}
      {place.page === 'unanswered' && <UnansweredPage />}
      {place.page === 'confused' && <ConfusedPage />}
      {place.page === 'suggestions' && <SuggestionsPage />}
      {place.page === 'deliveries' && <Deliveries />}
      {SETTINGS.includes(place.page) && (
        <LazyPage key="settings" load={settings} page={place.page as AdminPage} />
      )}
      {place.page === 'cases' && <LazyPage key="cases" load={cases} page="cases" />}
    </div>
  )
}

type PageName = AdminPage | 'content'

const SETTINGS: readonly PageName[] = ['teams', 'operators', 'macros', 'sla']
const PAGES: readonly PageName[] = [
  'overview',
  'content',
  'helped',
  'unanswered',
  'confused',
  'suggestions',
  ...SETTINGS,
  'cases',
  'deliveries',
]

type PageView = ComponentType<{ page: AdminPage }>
const settings = async (): Promise<PageView> => (await import('./settings/settings.tsx')).default
const cases = async (): Promise<PageView> => (await import('./cases/policy.tsx')).default

/** How the desk works, how cases are decided: fetched when somebody goes there. */
function LazyPage({ page, load }: { page: AdminPage; load: () => Promise<PageView> }) {
  const view = useSignal<PageView | 'failed' | null>(null)
  useEffect(() => {
    load().then(
      (loaded) => {
        view.value = loaded
      },
      () => {
        view.value = 'failed'
      },
    )
  }, [load, view])
  if (view.value === 'failed')
    return (
      <main class="admin-page">
        <Notice kind="warning">{t('admin.failed')}</Notice>
      </main>
    )
  const View = view.value
  return View ? <View key={page} page={page} /> : <main class="admin-page" aria-busy="true" />
}

function NavLink({ page, current }: { page: PageName; current: PageName }) {
  const href =
    page === 'content'
      ? path({ app: 'admin', page, key: null, language: null })
      : path({ app: 'admin', page })
  return (
    <a href={href} aria-current={page === current ? 'page' : undefined}>
      {t(`admin.nav.${page}`)}
    </a>
  )
}

function NotForYou() {
  return (
    <main class="page">
      <h1 class="visually-hidden">Amparo</h1>
      <Empty
        icon="person"
        title={t('admin.forbidden.title')}
        action={
          <a class="button primary" href="/desk/">
            {t('admin.forbidden.desk')}
          </a>
        }
      >
        {t('admin.forbidden.body')}
      </Empty>
    </main>
  )
}
