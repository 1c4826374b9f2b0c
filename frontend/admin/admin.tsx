import { PSEUDO, t } from '../core/i18n.ts'
import { addCatalogue } from '../desk/language.ts'
import { type AdminPage, path, route } from '../desk/routes.ts'
import { me } from '../desk/session.ts'
import { Empty } from '../ui/states.tsx'
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
        <NavLink page="overview" current={place.page} />
        <NavLink page="content" current={place.page} />
        <NavLink page="helped" current={place.page} />
        <NavLink page="unanswered" current={place.page} />
        <NavLink page="confused" current={place.page} />
        <NavLink page="suggestions" current={place.page} />
        <NavLink page="deliveries" current={place.page} />
      </nav>
      {place.page === 'overview' && <OverviewPage />}
      {place.page === 'content' && <Content language={place.language} id={place.key} />}
      {place.page === 'helped' && <HelpedPage />}
      {place.page === 'unanswered' && <UnansweredPage />}
      {place.page === 'confused' && <ConfusedPage />}
      {place.page === 'suggestions' && <SuggestionsPage />}
      {place.page === 'deliveries' && <Deliveries />}
    </div>
  )
}

type PageName = AdminPage | 'content'

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
