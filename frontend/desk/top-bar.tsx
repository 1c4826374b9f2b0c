import { useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { Notice } from '../ui/states.tsx'
import { toast } from '../ui/toast.tsx'
import { mayNotify, ring } from './attention-view.ts'
import type { Desk } from './desk.ts'
import { shown } from './keys.ts'
import { PresencePill } from './presence-pill.tsx'
import { route } from './routes.ts'
import { me, signOut } from './session.ts'
import { LanguageSwitch } from './sign-in.tsx'

export function TopBar({ desk }: { desk: Desk }) {
  const { app } = route.value
  return (
    <>
      {app !== 'admin' && (
        <a class="skip button primary" href={app === 'cases' ? '#cases' : '#thread'}>
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
          <a href="/desk/cases" aria-current={app === 'cases' ? 'page' : undefined}>
            {t('desk.nav.cases')}
          </a>
          {me().role === 'administrator' && (
            <a href="/admin/" aria-current={app === 'admin' ? 'page' : undefined}>
              {t('desk.nav.admin')}
            </a>
          )}
        </nav>
        <PresencePill desk={desk} />
        <UserMenu desk={desk} />
      </header>
      <Connection desk={desk} />
    </>
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

function UserMenu({ desk }: { desk: Desk }) {
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
        <Calls desk={desk} />
        <Button
          kind="quiet"
          wide
          onClick={() => {
            close()
            desk.dialog.value = 'help'
          }}
        >
          {t('desk.user.keys')} <kbd>{shown(desk.keys.map.value.help ?? '')}</kbd>
        </Button>
        <Button kind="quiet" wide onClick={() => void leave(desk)}>
          {t('desk.user.sign_out')}
        </Button>
      </div>
    </>
  )
}

/** How one is called when something comes; both are off until somebody wishes them. */
function Calls({ desk: { attention } }: { desk: Desk }) {
  const { sound, notify } = attention.wishes.value
  return (
    <div class="calls">
      <label class="check">
        <input
          type="checkbox"
          checked={sound}
          onChange={(event) => {
            attention.wish({ sound: event.currentTarget.checked })
            if (event.currentTarget.checked) ring()
          }}
        />
        {t('desk.user.sound')}
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={notify}
          onChange={async (event) => {
            const box = event.currentTarget
            const wanted = box.checked
            const may = wanted && (await mayNotify())
            attention.wish({ notify: may })
            box.checked = may
            if (wanted && !may) toast(t('desk.user.notify_refused'))
          }}
        />
        {t('desk.user.notify')}
      </label>
    </div>
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
