import { useEffect, useId } from 'preact/hooks'
import { language, languageName, t } from '../core/i18n.ts'
import { Mark } from '../ui/mark.tsx'
import { Notice } from '../ui/states.tsx'
import { chooseLanguage, OFFERED } from './language.ts'
import { remember, session, sites } from './session.ts'

/** A seller is signed in by the marketplace: here is the way there, and why one is sent it. */
export function SignIn() {
  useEffect(() => {
    document.title = `${t('seller.signin.title')} · Amparo`
  }, [language.value])
  const ways = sites.filter((site) => site.page)
  return (
    <main class="sign-in">
      <div>
        <Mark size={40} />
        <h1>{t('seller.signin.title')}</h1>
        <Why />
        <p class="muted">{t(ways.length ? 'seller.signin.lead' : 'seller.signin.no_page')}</p>
        {ways.map((site) => (
          <a key={site.key} class="button primary wide" href={site.page!} onClick={remember}>
            {t('seller.signin.submit', { site: site.name })}
          </a>
        ))}
        <LanguageSwitch />
      </div>
    </main>
  )
}

function Why() {
  const current = session.value
  if (current.phase !== 'out' || current.why === 'start') return null
  const kind = current.why === 'ended' ? 'info' : 'warning'
  return <Notice kind={kind}>{t(`seller.signin.${current.why}`)}</Notice>
}

/** The languages of this page, each under its own name. */
export function LanguageSwitch() {
  const id = useId()
  return (
    <div class="language-switch">
      <label for={id}>{t('seller.user.language')}</label>
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
