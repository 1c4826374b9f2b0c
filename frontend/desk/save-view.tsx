import { type Signal, useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import { choices } from './filter-menu.tsx'
import { LIST_FILTERS } from './filters.ts'
import { reason } from './reason.ts'
import { savedAs } from './views.ts'

const LONGEST = 60

/** The list on the screen under a name; one that has a name already gets another one. */
export function SaveView({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const view = desk.lists.view.peek()
  const filters = desk.lists.filters.peek()
  const known = savedAs(desk.views.all.peek(), view, filters)
  const mine = known?.own ? known : undefined
  const name = useSignal(mine?.name ?? '')
  const shared = useSignal(mine?.shared ?? false)
  const busy = useSignal(false)
  const missing = useSignal(false)
  const id = useId()
  const save = async () => {
    const text = name.peek().trim()
    missing.value = !text
    if (!text) return
    busy.value = true
    try {
      const more = { name: text, shared: shared.peek() }
      if (mine) await desk.views.change(mine, more)
      else await desk.views.save(text, view, filters, more.shared)
      toast(t('desk.view.saved_as', { name: text }))
      onClose()
    } catch (error) {
      toast(reason(error))
    } finally {
      busy.value = false
    }
  }
  const parts = LIST_FILTERS.filter((one) => filters[one]).map(
    (one) => choices(desk, one).find(([value]) => value === filters[one])?.[1] ?? filters[one],
  )
  return (
    <Dialog
      title={t(mine ? 'desk.view.rename' : 'desk.view.save')}
      closeLabel={t('desk.action.close')}
      onClose={onClose}
      actions={
        <Button kind="primary" type="submit" form={id} busy={busy.value}>
          {t('desk.view.save_button')}
        </Button>
      }
    >
      <p class="muted">{[t(`desk.view.${view}`), ...parts].join(' · ')}</p>
      <NameForm id={id} name={name} shared={shared} missing={missing.value} onSave={save} />
    </Dialog>
  )
}

interface NameFormProps {
  id: string
  name: Signal<string>
  shared: Signal<boolean>
  missing: boolean
  onSave: () => Promise<void>
}

function NameForm({ id, name, shared, missing, onSave }: NameFormProps) {
  return (
    <form
      id={id}
      class="save-view"
      onSubmit={(event) => {
        event.preventDefault()
        void onSave()
      }}
    >
      <label for={`${id}-name`}>{t('desk.view.name')}</label>
      <input
        id={`${id}-name`}
        class="field"
        type="text"
        dir="auto"
        autoFocus
        maxLength={LONGEST}
        value={name.value}
        aria-invalid={missing ? 'true' : undefined}
        onInput={(event) => {
          name.value = event.currentTarget.value
        }}
      />
      <p class="field-error" role="alert">
        {missing && t('desk.view.name_missing')}
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={shared.value}
          onChange={(event) => {
            shared.value = event.currentTarget.checked
          }}
        />
        {t('desk.view.share')}
      </label>
    </form>
  )
}
