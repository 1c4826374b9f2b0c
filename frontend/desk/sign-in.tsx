import { useSignal } from '@preact/signals'
import { useEffect, useId, useRef } from 'preact/hooks'
import { language, languageName, t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Mark } from '../ui/mark.tsx'
import { Notice } from '../ui/states.tsx'
import { chooseLanguage, OFFERED } from './language.ts'
import { session, signIn, signInError } from './session.ts'

/** E-mail and password. A refusal never says which of the two was wrong, and keeps both. */
export function SignIn() {
  const error = useSignal<string | null>(null)
  const busy = useSignal(false)
  const first = useRef<HTMLInputElement>(null)
  const id = useId()
  useEffect(() => first.current?.focus(), [])
  useEffect(() => {
    document.title = `${t('desk.signin.title')} · Amparo`
  }, [language.value])

  const submit = async (event: Event) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const email = String(form.get('email')).trim()
    const password = String(form.get('password'))
    if (busy.value) return
    if (!email || !password) {
      error.value = t('desk.signin.missing')
      return first.current?.focus()
    }
    busy.value = true
    error.value = null
    try {
      await signIn(email, password)
    } catch (problem) {
      error.value = t(signInError(problem))
    } finally {
      busy.value = false
    }
  }

  return (
    <main class="sign-in">
      <form onSubmit={submit} noValidate>
        <Mark size={40} />
        <h1>{t('desk.signin.title')}</h1>
        <p class="muted">{t('desk.signin.lead')}</p>
        <Why />
        <label for={`${id}-email`}>{t('desk.signin.email')}</label>
        <input
          ref={first}
          id={`${id}-email`}
          class="field"
          name="email"
          type="email"
          autocomplete="username"
          dir="ltr"
          required
          aria-describedby={error.value ? `${id}-error` : undefined}
        />
        <Password id={`${id}-password`} error={error.value ? `${id}-error` : undefined} />
        <p id={`${id}-error`} class="field-error" role="alert">
          {error.value}
        </p>
        <Button type="submit" kind="primary" wide busy={busy.value}>
          {t(busy.value ? 'desk.signin.busy' : 'desk.signin.submit')}
        </Button>
        <LanguageSwitch />
      </form>
    </main>
  )
}

function Why() {
  const current = session.value
  if (current.phase !== 'out' || current.why === 'start') return null
  const kind = current.why === 'ended' ? 'info' : 'warning'
  return <Notice kind={kind}>{t(`desk.signin.${current.why}`)}</Notice>
}

function Password({ id, error }: { id: string; error: string | undefined }) {
  const shown = useSignal(false)
  return (
    <>
      <label for={id}>{t('desk.signin.password')}</label>
      <input
        id={id}
        class="field"
        name="password"
        type={(shown.value ? 'text' : 'password') as 'password'}
        autocomplete="current-password"
        dir="ltr"
        required
        aria-describedby={error}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={shown.value}
          onChange={(event) => {
            shown.value = event.currentTarget.checked
          }}
        />
        {t('desk.signin.show')}
      </label>
    </>
  )
}

/** The languages of the desk, each under its own name. */
export function LanguageSwitch() {
  const id = useId()
  return (
    <div class="language-switch">
      <label for={id}>{t('desk.user.language')}</label>
      <select
        id={id}
        class="field"
        value={language.value}
        onChange={(event) => void chooseLanguage(event.currentTarget.value)}
      >
        {(OFFERED.includes(language.value) ? OFFERED : [...OFFERED, language.value]).map((tag) => (
          <option key={tag} value={tag} lang={tag}>
            {languageName(tag)}
          </option>
        ))}
      </select>
    </div>
  )
}
