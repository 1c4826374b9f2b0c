import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { inSentence } from './inbox.ts'
import { standings } from './standings.ts'
import type { AskedProps } from './thread-dialogs.tsx'

const HOUR = 3_600_000
const LENGTHS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, always: null } as const
type Length = keyof typeof LENGTHS
const REASON_LIMIT = 500

/** Somebody who may not write for a while: why is kept for colleagues, the person reads until when. */
export function BlockDialog({ desk, open, onClose }: AskedProps) {
  const length = useSignal<Length>('day')
  const reason = useSignal('')
  const id = useId()
  const name = inSentence(standings(desk, open).name)
  const block = () => {
    if (!reason.peek().trim()) return
    const ms = LENGTHS[length.peek()]
    const until = ms === null ? null : new Date(Date.now() + ms).toISOString()
    onClose()
    void desk.thread.handling.block(open, until, reason.peek().trim())
  }
  return (
    <Dialog
      title={t('desk.block.title', { name })}
      closeLabel={t('desk.action.close')}
      onClose={onClose}
      actions={
        <Button
          kind="danger"
          onClick={block}
          aria-disabled={reason.value.trim() ? undefined : 'true'}
        >
          {t('desk.block.submit')}
        </Button>
      }
    >
      <p class="muted">{t('desk.block.lead')}</p>
      <fieldset class="lengths">
        <legend>{t('desk.block.until')}</legend>
        {(Object.keys(LENGTHS) as Length[]).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name={id}
              checked={length.value === one}
              onChange={() => {
                length.value = one
              }}
            />
            {t(`desk.block.${one}`)}
          </label>
        ))}
      </fieldset>
      <label for={`${id}-why`}>{t('desk.block.reason')}</label>
      <textarea
        id={`${id}-why`}
        class="field note-field"
        dir="auto"
        rows={2}
        maxLength={REASON_LIMIT}
        value={reason.value}
        onInput={(event) => {
          reason.value = event.currentTarget.value
        }}
      />
    </Dialog>
  )
}
