import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/states.tsx'
import { teamName } from './changes.ts'
import { Picker } from './picker.tsx'
import { me } from './session.ts'
import { presence } from './suggest.tsx'
import type { AskedProps } from './thread-dialogs.tsx'
import type { Colleague } from './thread-types.ts'

const NOTE_LIMIT = 2000

/** To a colleague or a team, with a word for them. Who is here, and with how much, is shown. */
export function TransferDialog({ desk, open, onClose }: AskedProps) {
  const note = useSignal('')
  const state = useSignal<'loading' | 'there' | 'failed'>('loading')
  const id = useId()
  useEffect(() => {
    desk.known.loadOperators().then(
      () => {
        state.value = 'there'
      },
      () => {
        state.value = 'failed'
      },
    )
  }, [desk, state])
  const give = (to: { team?: string; operator?: string; name: string }) => {
    onClose()
    desk.thread.handling.transfer(open, to, note.peek().trim())
  }
  const owner = open.conversation.value?.operator?.id
  const people = desk.known.operators.value.filter((one) => one.id !== owner)
  const options = [
    ...people.sort(byPresence).map((one) => ({
      id: one.id,
      text: one.id === me().id ? t('desk.transfer.me', { name: one.name }) : one.name,
      also: one.languages.join(' '),
      hint: about(one),
      run: () => give({ operator: one.id, name: one.name }),
    })),
    ...desk.known.teams.value.map((key) => ({
      id: `team ${key}`,
      text: t('desk.transfer.team', { name: teamName(key) }),
      also: key,
      run: () => give({ team: key, name: teamName(key) }),
    })),
  ]
  return (
    <Dialog title={t('desk.transfer.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      {state.value === 'loading' && !people.length ? (
        <Skeleton label={t('desk.transfer.title')} />
      ) : (
        <Picker
          label={t('desk.transfer.find')}
          none={t(state.value === 'failed' ? 'desk.choose.failed' : 'desk.choose.none')}
          options={options}
        />
      )}
      <label for={id}>{t('desk.transfer.note')}</label>
      <textarea
        id={id}
        class="field note-field"
        dir="auto"
        rows={2}
        maxLength={NOTE_LIMIT}
        placeholder={t('desk.transfer.note_hint')}
        value={note.value}
        onInput={(event) => {
          note.value = event.currentTarget.value
        }}
      />
    </Dialog>
  )
}

const ORDER = { here: 0, paused: 1, away: 2 }

function byPresence(a: Colleague, b: Colleague): number {
  return ORDER[presence(a)] - ORDER[presence(b)] || a.load - b.load || a.name.localeCompare(b.name)
}

function about(one: Colleague): string {
  const here = t(`desk.colleague.${presence(one)}`)
  return `${here} · ${t('desk.colleague.load', { load: one.load, capacity: one.capacity })}`
}
