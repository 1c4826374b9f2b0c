import { useSignal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { useEffect } from 'preact/hooks'
import { language as interfaceLanguage, languageName, t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/states.tsx'
import type { Editor } from './editor.ts'
import type { EffectOfEditProps } from './effect-of-edit.tsx'
import { SOURCE } from './questions.ts'

export interface PublishDialogProps {
  editor: Editor
  onClose: () => void
  /** `madeFrom`: the version of the source that the words say; null leaves it as it was. */
  onPublish: (madeFrom: number | null) => Promise<void>
}

/** The last look before readers see an edit. */
export function PublishDialog({ editor, onClose, onPublish }: PublishDialogProps) {
  const base = editor.base.value!
  const matches = useSignal(true)
  const source = languageName(SOURCE, interfaceLanguage.value)
  const language = languageName(editor.language, interfaceLanguage.value)
  return (
    <Dialog
      title={t('admin.publish.title')}
      closeLabel={t('admin.publish.close')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('admin.publish.not_yet')}</Button>
          <Button
            kind="primary"
            busy={editor.saving.value === 'publish'}
            onClick={() => void onPublish(matches.value ? base.source_version : null)}
          >
            {t('admin.publish.publish')}
          </Button>
        </>
      }
    >
      <p>{t('admin.publish.body', { language })}</p>
      {base.source_version !== null && (
        <label class="check">
          <input
            type="checkbox"
            checked={matches.value}
            onChange={(event) => {
              matches.value = event.currentTarget.checked
            }}
          />
          {t('admin.publish.matches', { source })}
        </label>
      )}
      <LazyEffect
        question={editor.key}
        language={editor.language}
        title={editor.title.value}
        body={editor.body.value}
      />
    </Dialog>
  )
}

/** The slot of what an edit changes elsewhere: it comes when the dialog is opened. */
function LazyEffect(props: EffectOfEditProps) {
  const loaded = useSignal<FunctionComponent<EffectOfEditProps> | null>(null)
  useEffect(() => {
    import('./effect-of-edit.tsx').then(
      ({ EffectOfEdit }) => {
        loaded.value = EffectOfEdit
      },
      () => undefined, // publishing does not depend on it
    )
  }, [])
  const Effect = loaded.value
  return Effect ? <Effect {...props} /> : <Skeleton label={t('admin.publish.title')} lines={1} />
}
