import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { Toasts } from '../ui/toast.tsx'
import { CasePane } from './case-pane.tsx'
import { ListPane } from './list-pane.tsx'
import { place } from './routes.ts'
import { api, me, resume, session } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { TopBar } from './top-bar.tsx'
import { WorkList } from './work-list.ts'

export function App() {
  const [broken] = useErrorBoundary((error) => console.error(error))
  if (broken) return <Trouble title="seller.error.title" action="seller.error.reload" />
  const { phase } = session.value
  if (phase === 'in') return <SignedIn key={me().id} />
  if (phase === 'failed') return <Trouble title="seller.unreachable" action="seller.retry" again />
  return <SignIn />
}

function SignedIn() {
  const work = useMemo(() => new WorkList(api), [])
  const { list, order, id } = place.value
  useEffect(() => work.keepFresh(), [work])
  useEffect(() => void work.show(list, order), [work, list, order])
  return (
    <div class="seller">
      <TopBar />
      <main class="panes" data-shown={id ? 'case' : 'list'}>
        <h1 class="visually-hidden">{t('seller.name')}</h1>
        <ListPane work={work} />
        <CasePane key={id ?? 'none'} id={id} changed={() => void work.refresh()} />
      </main>
      <Toasts />
    </div>
  )
}

/** Something broke, or the server does not answer; nothing was lost, and one can go on. */
function Trouble({ title, action, again }: { title: string; action: string; again?: boolean }) {
  return (
    <main class="page">
      <h1 class="visually-hidden">{t('seller.name')}</h1>
      <Empty
        icon="alert"
        title={t(title)}
        action={
          <Button kind="primary" onClick={() => (again ? void resume() : location.reload())}>
            {t(action)}
          </Button>
        }
      >
        {t('seller.nothing_lost')}
      </Empty>
    </main>
  )
}
