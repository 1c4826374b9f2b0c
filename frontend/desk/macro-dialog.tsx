import { t } from '../core/i18n.ts'
import { Dialog } from '../ui/dialog.tsx'
import { mayReply } from './compose.ts'
import { actionsInWords } from './macro-words.ts'
import { textIn } from './macros.ts'
import { Picker } from './picker.tsx'
import type { AskedProps } from './thread-dialogs.tsx'
import type { Macro } from './thread-types.ts'
import { takeMacro } from './use-macro.ts'

/** Prepared answers: what each says and does is shown before it is taken. */
export function MacroDialog({ desk, open, onClose }: AskedProps) {
  const language = open.conversation.value?.language ?? 'en'
  const may = mayReply(open.lock.value)
  return (
    <Dialog title={t('desk.macro.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      {may ? (
        <Picker
          label={t('desk.macro.find')}
          none={t('desk.macro.none')}
          options={desk.known.macros.value.map((macro) => ({
            id: macro.id,
            text: macro.name,
            also: macro.key,
            hint: macro.key,
            preview: (
              <Preview macro={macro} text={textIn(macro, language)} nameOf={desk.known.nameOf} />
            ),
            run: () => {
              onClose()
              takeMacro(desk, open, macro, null, null)
            },
          }))}
        />
      ) : (
        <p>{t('desk.macro.locked')}</p>
      )}
    </Dialog>
  )
}

function Preview(props: { macro: Macro; text: string; nameOf: (id: string) => string }) {
  const { macro, text, nameOf } = props
  return (
    <>
      {text && (
        <p class="macro-text" dir="auto">
          {text}
        </p>
      )}
      {macro.actions.length > 0 && (
        <p class="muted">
          {t(text ? 'desk.macro.after' : 'desk.macro.now', {
            what: actionsInWords(macro.actions, nameOf),
          })}
        </p>
      )}
    </>
  )
}
