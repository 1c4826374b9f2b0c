import { useSignal } from '@preact/signals'
import { t } from '../core/i18n.ts'
import type { PanelStart } from '../core/types.ts'
import { Composer } from '../ui/composer.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { Notice, Skeleton } from '../ui/states.tsx'
import { draft } from './drafts.ts'
import { openness, ownHours } from './hours.ts'
import { lazy } from './lazy.tsx'
import { go, type View } from './router.ts'
import { List, Row } from './row.tsx'
import { Corner, useHeadingFocus } from './screen.tsx'
import { loadStart, problemText, session, signedIn, start, startProblem } from './state.ts'
import { Trouble } from './trouble.tsx'

export const QUESTION_LIMIT = 140

const WhoNotice = lazy(() => import('./views/who_notice.tsx'), 'WhoNotice', true)
const Attach = lazy(() => import('./views/attach.tsx'), 'Attach', true)

/** The first view: a greeting, a question, and the ways to help from here. */
export function HomeView() {
  const heading = useHeadingFocus()
  const here = start.value
  const problem = useSignal<unknown>(null)
  const ask = (body: string, question?: string) => {
    problem.value = null
    const text = draft('home')
    import('./chat.ts')
      .then((chat) => chat.ask({ body, question: question ?? null }))
      .then((id) => go({ name: 'conversation', id }))
      .catch((error) => {
        problem.value = error
        // What was written comes back: nothing is lost.
        if (!question && !text.value) text.value = body
      })
    return true
  }
  return (
    <div class="screen home">
      <header class="hero">
        <div class="hero-bar">
          <Mark />
          <span class="hero-site">{here?.site.name}</span>
          <Corner />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {greeting()}
        </h1>
        <p>{t('panel.home.lead')}</p>
        <Composer
          draft={draft('home')}
          limit={here?.question_limit ?? QUESTION_LIMIT}
          counter="always"
          label={t('panel.ask.label')}
          placeholder={t('panel.ask.placeholder')}
          sendLabel={t('panel.ask.send')}
          count={(used, limit) => t('panel.count', { used, limit })}
          tooLong={(limit) => t('panel.ask.too_long', { limit })}
          onSend={(body) => ask(body)}
        />
        {draft('home').value && <Attach />}
      </header>
      <main class="body">
        {problem.value !== null && (
          <Notice kind="danger" live="assertive">
            {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
          </Notice>
        )}
        {(session.lost.value || (session.before.value && signedIn.value)) && <WhoNotice />}
        {here ? (
          <Ways start={here} onAsk={ask} />
        ) : startProblem.value ? (
          <Trouble problem={startProblem.value} retry={loadStart} />
        ) : (
          <Skeleton label={t('panel.loading')} lines={5} />
        )}
      </main>
    </div>
  )
}

function greeting(): string {
  const name = session.person.value?.name
  return name ? t('panel.home.hello_name', { name }) : t('panel.home.hello')
}

function Ways({ start, onAsk }: { start: PanelStart; onAsk(body: string, key: string): void }) {
  const { open_conversation: open, suggestions, hours, case: mine } = start
  const own = ownHours(hours)
  return (
    <>
      {open && (
        <Row
          icon="chat"
          title={t('panel.home.resume')}
          detail={t('panel.home.resume_detail')}
          onClick={() => go({ name: 'conversation', id: open })}
        />
      )}
      {mine && <Row icon="alert" {...mine} onClick={() => go({ name: 'cases', id: mine.id })} />}
      <nav class="tiles" aria-label={t('panel.home.ways')}>
        <Tile icon="box" title={t('panel.orders.title')} to={{ name: 'orders' }} />
        <Tile icon="book" title={t('panel.topics.title')} to={{ name: 'topics' }} />
        <Tile
          icon="person"
          title={t('panel.person.title')}
          detail={own && openness(own)}
          to={{ name: 'contact' }}
        />
      </nav>
      {suggestions.length > 0 && (
        <section>
          <h2>{t('panel.home.suggestions')}</h2>
          <List>
            {suggestions.map(({ key, title }) => (
              <li key={key}>
                <Row title={title} onClick={() => onAsk(title, key)} />
              </li>
            ))}
          </List>
        </section>
      )}
    </>
  )
}

function Tile({
  icon,
  title,
  detail,
  to,
}: {
  icon: IconName
  title: string
  detail?: string
  to: View
}) {
  return (
    <button type="button" class="tile" onClick={() => go(to)}>
      <Icon name={icon} size={24} />
      {title}
      {detail && <span class="row-detail">{detail}</span>}
    </button>
  )
}
