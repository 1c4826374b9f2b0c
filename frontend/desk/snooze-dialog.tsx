import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { exact, moment } from '../core/time.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Picker } from './picker.tsx'
import { fromField, localField, snoozeChoices } from './snooze.ts'
import type { AskedProps } from './thread-dialogs.tsx'

/** When it should come back: what the team's hours offer, or a date of one's own. */
export function SnoozeDialog({ desk, open, onClose }: AskedProps) {
  const now = useSignal(Date.now()).value
  const own = useSignal(localField(now + 24 * 3_600_000))
  const id = useId()
  const chosen = fromField(own.value, now)
  const snooze = (until: number) => {
    onClose()
    void desk.thread.handling.snooze(open, until)
  }
  return (
    <Dialog title={t('desk.snooze.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <p class="muted">{t('desk.snooze.lead')}</p>
      <Picker
        label={t('desk.snooze.find')}
        none={t('desk.choose.none')}
        options={snoozeChoices(now, open.context.value?.hours ?? null).map(({ key, at }) => ({
          id: key,
          text: t(`desk.snooze.${key}`),
          hint: moment(new Date(at).toISOString()),
          run: () => snooze(at),
        }))}
      />
      <form
        class="own-date"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen) snooze(chosen)
        }}
      >
        <label for={id}>{t('desk.snooze.own')}</label>
        <input
          id={id}
          class="field"
          type="datetime-local"
          min={localField(now)}
          value={own.value}
          onInput={(event) => {
            own.value = event.currentTarget.value
          }}
        />
        <Button type="submit" small aria-disabled={chosen ? undefined : 'true'}>
          {t('desk.snooze.submit')}
        </Button>
        <p class="muted small" role="status">
          {chosen ? exact(new Date(chosen).toISOString()) : t('desk.snooze.past')}
        </p>
      </form>
    </Dialog>
  )
}
