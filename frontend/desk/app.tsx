import { useComputed, useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { Toasts, toast } from '../ui/toast.tsx'
import { useAttention } from './attention-view.ts'
import { useKeys } from './commands.ts'
import { Desk } from './desk.ts'
import { Panes } from './panes.tsx'
import { route } from './routes.ts'
import { api, csrfToken, endSession, me, resume, session } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { TopBar } from './top-bar.tsx'

export function App() {
  const [broken] = useErrorBoundary((error) => console.error(error))
  if (broken) return <Broken />
  const { phase } = session.value
  if (phase === 'in') return <SignedIn key={me().id} />
  if (phase === 'failed') return <Unreachable />
  return <SignIn />
}

function SignedIn() {
  const desk = useMemo(
    () => new Desk({ api, person: me(), csrf: csrfToken, renew: async () => endSession() }),
    [],
  )
  useEffect(() => {
    desk.start()
    return () => desk.stop()
  }, [desk])
  useKeys(desk)
  useAttention(desk)
  const { value: app } = useComputed(() => route.value.app)
  return (
    <div class="desk">
      <TopBar desk={desk} />
      {app === 'admin' && <Later key={app} load={admin} />}
      {app === 'cases' && <Later key={app} load={cases} />}
      {app === 'desk' && <Panes desk={desk} />}
      <Dialogs desk={desk} />
      <Toasts />
    </div>
  )
}

const admin = async () => {
  const { Admin, loadTexts } = await import('../admin/admin.tsx')
  await loadTexts()
  return Admin
}

const cases = async () => {
  const { Cases, loadTexts } = await import('./cases/cases.tsx')
  await loadTexts()
  return Cases
}

/** The administration, the cases: fetched only when somebody goes there. */
function Later({ load }: { load: () => Promise<ComponentType> }) {
  const view = useSignal<ComponentType | 'failed' | null>(null)
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
  if (view.value === 'failed') return <Broken />
  const View = view.value
  return View ? <View /> : <main class="page" aria-busy="true" />
}

/** Fetched when the first dialog is opened. */
function Dialogs({ desk }: { desk: Desk }) {
  const view = useSignal<ComponentType<{ desk: Desk }> | null>(null)
  const wanted = desk.dialog.value !== null
  useEffect(() => {
    if (!wanted || view.peek()) return
    import('./desk-dialogs.tsx').then(
      (module) => {
        view.value = module.default
      },
      () => toast(t('desk.toast.failed')),
    )
  }, [wanted, view])
  const View = view.value
  return View ? <View desk={desk} /> : null
}

function Broken() {
  return (
    <main class="page">
      <h1 class="visually-hidden">Amparo</h1>
      <Empty
        icon="alert"
        title={t('desk.error.title')}
        action={
          <Button kind="primary" onClick={() => location.reload()}>
            {t('desk.error.reload')}
          </Button>
        }
      >
        {t('desk.error.body')}
      </Empty>
    </main>
  )
}

function Unreachable() {
  return (
    <main class="page">
      <h1 class="visually-hidden">Amparo</h1>
      <Empty
        icon="alert"
        title={t('desk.presence.unreachable')}
        action={
          <Button kind="primary" onClick={() => void resume()}>
            {t('desk.presence.retry')}
          </Button>
        }
      >
        {t('desk.presence.unreachable_hint')}
      </Empty>
    </main>
  )
}
