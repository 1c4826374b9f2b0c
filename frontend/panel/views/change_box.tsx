import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import type { MessageData } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { Composer } from '../../ui/composer.tsx'
import { start } from '../state.ts'
import { changing, edit, remove, why } from './talk.ts'

const LIMIT = 4000

interface Props {
  id: string
  message: MessageData
  what: 'edit' | 'delete'
}

/** In place of a message's words: the field to change them in, or the question before deleting. */
export function ChangeBox({ id, message, what }: Props) {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const field = box.current?.querySelector('textarea')
    field?.setSelectionRange(field.value.length, field.value.length)
    ;(field ?? box.current?.querySelector('button'))?.focus()
    // After the field has taken its height.
    const message = box.current?.closest('.message')
    const frame = requestAnimationFrame(() => message?.scrollIntoView({ block: 'nearest' }))
    return () => cancelAnimationFrame(frame)
  }, [])

  const done = () => {
    const menu = box.current?.closest('.message')?.querySelector<HTMLElement>('.menu > button')
    changing.value = null
    ;(menu ?? document.querySelector<HTMLElement>('.foot textarea'))?.focus()
  }
  const run = async (verb: Promise<void>) => {
    busy.value = true
    problem.value = null
    await verb.then(done, (error) => {
      problem.value = error
    })
    busy.value = false
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.isComposing) return
    event.preventDefault()
    done()
  }
  const save = (text: string) => {
    if (text === message.body) done()
    else void run(edit(id, message.message_id, text))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Esc, from whatever inside has the focus
    <div ref={box} class="change-box" onKeyDown={keyDown}>
      {what === 'edit' ? (
        <Field text={message.body} busy={busy.value} onSave={save} onCancel={done} />
      ) : (
        <Question
          busy={busy.value}
          onYes={() => void run(remove(id, message.message_id))}
          onNo={done}
        />
      )}
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {why(problem.value)}
        </p>
      )}
    </div>
  )
}

interface FieldProps {
  text: string
  busy: boolean
  onSave(text: string): void
  onCancel(): void
}

function Field({ text, busy, onSave, onCancel }: FieldProps) {
  const draft = useSignal(text)
  return (
    <Composer
      draft={draft}
      limit={start.value?.message_limit ?? LIMIT}
      label={t('panel.edit_label')}
      sendLabel={t('panel.edit_save')}
      sendShown
      busy={busy}
      count={(used, limit) => t('panel.count', { used, limit })}
      tooLong={(limit) => t('panel.write.too_long', { limit })}
      onSend={(words) => {
        onSave(words)
        // They stay in the field until they are stored.
        return false
      }}
    >
      <Button small onClick={onCancel}>
        {t('panel.cancel')}
      </Button>
    </Composer>
  )
}

function Question({ busy, onYes, onNo }: { busy: boolean; onYes(): void; onNo(): void }) {
  return (
    <>
      <p>{t('panel.delete.question')}</p>
      <div class="choices">
        <Button small kind="danger" busy={busy} onClick={onYes}>
          {t('panel.delete.yes')}
        </Button>
        <Button small onClick={onNo}>
          {t('panel.delete.no')}
        </Button>
      </div>
    </>
  )
}
