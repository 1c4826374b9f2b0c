import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { MessageData } from '../core/types.ts'
import { Button } from '../ui/button.tsx'
import { graphemes } from '../ui/text.ts'
import { type Desk, MESSAGE_LIMIT } from './desk.ts'
import { mod } from './keys.ts'

/** The text of a stored message, in its place, to be changed; Esc leaves it as it was. */
export function EditBox(props: { desk: Desk; conversation: string; message: MessageData }) {
  const { desk, conversation, message } = props
  const { writing } = desk.thread
  const text = useSignal(message.body)
  const busy = useSignal(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const area = field.current!
    area.focus()
    area.setSelectionRange(area.value.length, area.value.length)
  }, [])
  useEffect(() => {
    const area = field.current!
    area.style.blockSize = 'auto'
    area.style.blockSize = `${area.scrollHeight + 2}px`
  }, [text.value])
  const over = graphemes(text.value.trim()) > MESSAGE_LIMIT
  const leave = () => {
    writing.editing.value = null
  }
  const save = async () => {
    if (over || busy.peek() || !text.peek().trim()) return
    busy.value = true
    await writing.edit(conversation, message, text.peek())
    busy.value = false
  }
  const keyDown = (event: KeyboardEvent) => {
    const composing = event.isComposing || event.keyCode === 229
    if (event.key === 'Escape' && !composing) {
      event.stopPropagation()
      leave()
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !composing) void save()
  }
  return (
    <div class="edit-box">
      <textarea
        ref={field}
        dir="auto"
        aria-label={t('desk.message.change_label')}
        aria-invalid={over ? 'true' : undefined}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value
        }}
        onKeyDown={keyDown}
      />
      <div class="edit-actions">
        <span class="muted keys-hint">{t('desk.message.change_keys', { keys: mod('Enter') })}</span>
        <Button small kind="quiet" onClick={leave}>
          {t('desk.action.cancel')}
        </Button>
        <Button small busy={busy.value} onClick={() => void save()}>
          {t('desk.message.change_save')}
        </Button>
      </div>
    </div>
  )
}
