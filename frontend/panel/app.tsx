import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { shown } from './bridge.ts'
import { HomeView } from './home.tsx'
import { lazy } from './lazy.tsx'
import { type View, view } from './router.ts'
import { close, menuOpen } from './screen.tsx'
import { start } from './state.ts'

const guide = () => import('./views/guide.tsx')
const orders = () => import('./views/orders.tsx')
const lists = () => import('./views/lists.tsx')
const TopicsView = lazy(async () => (await guide()).TopicsView)
const TopicView = lazy(async () => (await guide()).TopicView)
const QuestionView = lazy(async () => (await import('./views/question.tsx')).QuestionView)
const OrdersView = lazy(async () => (await orders()).OrdersView)
const OrderView = lazy(async () => (await orders()).OrderView)
const ContactView = lazy(async () => (await lists()).ContactView)
const ConversationsView = lazy(async () => (await lists()).ConversationsView)
const ConversationView = lazy(
  async () => (await import('./views/conversation.tsx')).ConversationView,
)
const Menu = lazy(async () => (await import('./views/menu.tsx')).Menu, true)

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
    document.title = start.value
      ? t('panel.title', { site: start.value.site.name })
      : t('panel.help')
  })
  const here = view.value
  return (
    <>
      <Show key={JSON.stringify(here)} view={here} />
      {menuOpen.value && shown.value && <Menu />}
    </>
  )
}

function Show({ view }: { view: View }) {
  switch (view.name) {
    case 'home':
      return <HomeView />
    case 'topics':
      return <TopicsView />
    case 'topic':
      return <TopicView topic={view.key} />
    case 'question':
      return (
        <QuestionView question={view.key} order={view.order} conversation={view.conversation} />
      )
    case 'orders':
      return <OrdersView />
    case 'order':
      return <OrderView order={view.ref} />
    case 'contact':
      return <ContactView topic={view.topic} question={view.question} order={view.order} />
    case 'conversations':
      return <ConversationsView />
    case 'conversation':
      return <ConversationView id={view.id} />
  }
}
