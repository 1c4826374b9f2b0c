import { t } from '../../core/i18n.ts'
import { join } from '../../core/joining.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/states.tsx'
import { api, loadStart, session, store } from '../state.ts'

/** What changed about who is here: signed out, or a conversation from before signing in. */
export function WhoNotice() {
  const decide = async (keep: boolean) => {
    await join(session, api, store, keep)
    await loadStart()
  }
  if (session.lost.value)
    return (
      <Notice
        kind="warning"
        action={
          <Button small onClick={() => session.signIn().then(loadStart)}>
            {t('panel.lost.again')}
          </Button>
        }
      >
        {t('panel.lost.text')}
      </Notice>
    )
  return (
    <Notice
      action={
        <div class="choices">
          <Button small kind="primary" onClick={() => decide(true)}>
            {t('panel.join.keep')}
          </Button>
          <Button small onClick={() => decide(false)}>
            {t('panel.join.leave')}
          </Button>
        </div>
      }
    >
      {t('panel.join.question')}
    </Notice>
  )
}
