import { useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from '../ui/mark.tsx'
import { toast } from '../ui/toast.tsx'
import { me, signOut } from './session.ts'
import { LanguageSwitch } from './sign-in.tsx'

export function TopBar() {
  return (
    <>
      <a class="skip button primary" href="#case">
        {t('seller.skip')}
      </a>
      <header class="top-bar">
        <a class="brand" href="/seller/">
          <Mark size={22} />
          <span>{t('seller.name')}</span>
        </a>
        <UserMenu />
      </header>
    </>
  )
}

function UserMenu() {
  const menu = useRef<HTMLDivElement>(null)
  const { name } = me()
  return (
    <>
      <button
        type="button"
        class="user-button"
        popovertarget="user-menu"
        aria-label={t('seller.user.menu', { name })}
      >
        <span class="user-name" dir="auto">
          {name}
        </span>
        <Icon name="down" size={14} />
      </button>
      <div id="user-menu" class="user-menu" popover="auto" ref={menu}>
        <p class="user-who">
          <strong dir="auto">{name}</strong>
          <span class="muted">{t('seller.user.role')}</span>
        </p>
        <LanguageSwitch />
        <Button
          kind="quiet"
          wide
          onClick={() => void signOut().catch(() => toast(t('seller.failed')))}
        >
          {t('seller.user.sign_out')}
        </Button>
      </div>
    </>
  )
}
