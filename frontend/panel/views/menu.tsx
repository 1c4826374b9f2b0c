import './views.css'
import '../../ui/more_icons.ts'
import { useSignal } from '@preact/signals'
import { language, t } from '../../core/i18n.ts'
import { languageName } from '../../core/language_name.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/states.tsx'
import { lazy } from '../lazy.tsx'
import { go, view } from '../router.ts'
import { List, Row } from '../row.tsx'
import { menuOpen } from '../screen.tsx'
import { chooseLanguage, languages, loadStart, problemText } from '../state.ts'

const Transcript = lazy(() => import('./transcript.tsx'), 'Transcript', true)

const CaseFromHere = lazy(() => import('./case_from_chat.tsx'), 'CaseFromHere', true)

/** Language, earlier conversations, and ending the present one. */
export function Menu() {
  const problem = useSignal<unknown>(null)
  const here = view.value
  const done = () => {
    menuOpen.value = false
  }
  const end = async (id: string) => {
    try {
      const chat = await import('../chat.ts')
      await chat.resolve(id)
      done()
    } catch (error) {
      problem.value = error
    }
  }
  return (
    <Dialog title={t('panel.menu')} closeLabel={t('panel.close_menu')} onClose={done}>
      {problem.value !== null && (
        <Notice kind="danger" live="assertive">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </Notice>
      )}
      <List>
        <li>
          <Row
            icon="chat"
            title={t('panel.conversations.title')}
            onClick={() => {
              done()
              go({ name: 'conversations' })
            }}
          />
        </li>
        <li>
          <Row
            icon="scale"
            title={t('panel.cases')}
            onClick={() => {
              done()
              go({ name: 'cases' })
            }}
          />
        </li>
        {here.name === 'conversation' && <CaseFromHere id={here.id} onGo={done} />}
        {here.name === 'conversation' && (
          <li>
            <Row icon="check" title={t('panel.end')} onClick={() => void end(here.id)} />
          </li>
        )}
      </List>
      {here.name === 'conversation' && <Transcript id={here.id} />}
      <fieldset class="choice">
        <legend>{t('panel.language')}</legend>
        {languages.value.map((tag) => (
          <label key={tag} class="option">
            <input
              type="radio"
              name="language"
              checked={tag === language.value}
              onChange={() => void chooseLanguage(tag).then(loadStart)}
            />
            <span lang={tag}>{languageName(tag)}</span>
          </label>
        ))}
      </fieldset>
    </Dialog>
  )
}
