import { useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { Notice } from '../ui/states.tsx'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import { route } from './routes.ts'
import { me, signOut } from './session.ts'
import { LanguageSwitch } from './sign-in.tsx'

export function TopBar({ desk, onHelp }: { desk: Desk; onHelp: () => void }) {
  const { app } = route.value
  return (
    <>
      {app === 'desk' && (
        <a class="skip button primary" href="#thread">
          {t('desk.skip')}
        </a>
      )}
      <header class="top-bar">
        <span class="brand">
          <Mark size={22} />
          <span>Amparo</span>
        </span>
        <nav aria-label={t('desk.nav.label')}>
          <a href="/desk/" aria-current={app === 'desk' ? 'page' : undefined}>
            {t('desk.nav.inbox')}
          </a>
          {me().role === 'administrator' && (
            <a href="/admin/" aria-current={app === 'admin' ? 'page' : undefined}>
              {t('desk.nav.admin')}
            </a>
          )}
        </nav>
        <Presence desk={desk} />
        <UserMenu desk={desk} onHelp={onHelp} />
      </header>
      <Connection desk={desk} />
    </>
  )
}

function Presence({ desk }: { desk: Desk }) {
  const status = desk.live.status.value
  const name =
    status === 'online' ? 'online' : status === 'offline' ? 'offline_short' : 'connecting'
  return (
    <span class={`presence ${status}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="presence-text">{t(`desk.presence.${name}`)}</span>
    </span>
  )
}

function Connection({ desk }: { desk: Desk }) {
  if (desk.live.status.value !== 'offline') return null
  return (
    <div class="connection">
      <Notice
        kind="warning"
        action={
          <Button small onClick={() => desk.live.restart()}>
            {t('desk.presence.retry')}
          </Button>
        }
      >
        {t('desk.presence.offline')}
      </Notice>
    </div>
  )
}

function UserMenu({ desk, onHelp }: { desk: Desk; onHelp: () => void }) {
  const menu = useRef<HTMLDivElement>(null)
  const person = me()
  const close = () => menu.current?.hidePopover()
  return (
    <>
      <button
        type="button"
        class="user-button"
        popovertarget="user-menu"
        aria-label={t('desk.user.menu', { name: person.name })}
      >
        <span class="user-name" dir="auto">
          {person.name}
        </span>
        <Icon name="down" size={14} />
      </button>
      <div id="user-menu" class="user-menu" popover="auto" ref={menu}>
        <p class="user-who">
          <strong dir="auto">{person.name}</strong>
          <span class="muted">{t(`desk.user.role.${person.role}`)}</span>
        </p>
        <LanguageSwitch />
        <Button
          kind="quiet"
          wide
          onClick={() => {
            close()
            onHelp()
          }}
        >
          {t('desk.user.keys')} <kbd>?</kbd>
        </Button>
        <Button kind="quiet" wide onClick={() => void leave(desk)}>
          {t('desk.user.sign_out')}
        </Button>
      </div>
    </>
  )
}

/** What was resolved a moment ago is made final first: afterwards nobody may do it any more. */
async function leave(desk: Desk): Promise<void> {
  try {
    await desk.settle()
    await signOut()
  } catch {
    toast(t('desk.toast.failed'))
  }
}
