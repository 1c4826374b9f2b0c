import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { badge, shown } from './bridge.ts'
import { HomeView } from './home.tsx'
import { lazy, Waiting } from './lazy.tsx'
import { type View, view } from './router.ts'
import { close, menuOpen } from './screen.tsx'
import { session, start } from './state.ts'

const guide = () => import('./views/guide.tsx')
const orders = () => import('./views/orders.tsx')
const lists = () => import('./views/lists.tsx')

const VIEWS: Record<View['name'], FunctionComponent<never>> = {
  home: HomeView,
  topics: lazy(guide, 'TopicsView'),
  topic: lazy(guide, 'TopicView'),
  question: lazy(() => import('./views/question.tsx'), 'QuestionView'),
  orders: lazy(orders, 'OrdersView'),
  order: lazy(orders, 'OrderView'),
  contact: lazy(lists, 'ContactView'),
  conversations: lazy(lists, 'ConversationsView'),
  cases: lazy(lists, 'CasesView'),
  conversation: lazy(() => import('./views/conversation.tsx'), 'ConversationView'),
}
const Menu = lazy(() => import('./views/menu.tsx'), 'Menu', true)

export function App() {
  useEffect(() => {
    const keyDown = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && !menuOpen.value) close()
    }
    addEventListener('keydown', keyDown)
    return () => removeEventListener('keydown', keyDown)
  }, [])
  // An open conversation is followed from the start, or its unread badge would not be true.
  const open = start.value?.open_conversation
  useEffect(() => {
    if (open) void import('./chat.ts').then((chat) => chat.conversation(open))
  }, [open])
  useEffect(() => {
    const site = start.value?.site.name
    document.title = badge.value + (site ? t('panel.title', { site }) : t('panel.help'))
  })
  const here = view.value
  // Its fields are the properties of its component.
  const Shown = VIEWS[here.name] as FunctionComponent<View>
  return (
    <>
      {here.name !== 'home' && !session.known.value ? (
        <Waiting />
      ) : (
        <Shown key={JSON.stringify(here)} {...here} />
      )}
      {menuOpen.value && shown.value && <Menu />}
    </>
  )
}
