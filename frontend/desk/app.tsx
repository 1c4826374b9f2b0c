import { useComputed, useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect, useErrorBoundary, useMemo } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { Toasts } from '../ui/toast.tsx'
import { useKeys } from './commands.ts'
import { Desk } from './desk.ts'
import { Help, Palette } from './dialogs.tsx'
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
  const dialog = useKeys(desk)
  useTitle(desk)
  const inAdmin = useComputed(() => route.value.app === 'admin').value
  return (
    <div class="desk">
      <TopBar desk={desk} onHelp={() => dialog('help')} />
      {inAdmin ? <Admin /> : <Panes desk={desk} />}
      {dialog.open.value === 'help' && <Help onClose={() => dialog(null)} />}
      {dialog.open.value === 'palette' && (
        <Palette desk={desk} onHelp={() => dialog('help')} onClose={() => dialog(null)} />
      )}
      <Toasts />
    </div>
  )
}

/** The administration, fetched only when somebody goes there. */
function Admin() {
  const view = useSignal<ComponentType | 'failed' | null>(null)
  useEffect(() => {
    import('../admin/admin.tsx').then(
      async (module) => {
        await module.loadTexts()
        view.value = () => <module.Admin />
      },
      () => {
        view.value = 'failed'
      },
    )
  }, [view])
  if (view.value === 'failed') return <Broken />
  const View = view.value
  return View ? <View /> : <main class="page" aria-busy="true" />
}

function useTitle(desk: Desk): void {
  const waiting = desk.lists.counts.value?.waiting ?? 0
  const name = t(route.value.app === 'admin' ? 'desk.nav.admin' : 'desk.name')
  useEffect(() => {
    document.title = `${waiting ? `(${waiting}) ` : ''}${name} · Amparo`
  }, [waiting, name])
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
