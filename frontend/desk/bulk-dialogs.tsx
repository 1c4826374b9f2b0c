import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { moment, now } from '../core/time.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import type { BulkAction } from './bulk.ts'
import { PRIORITIES, priorityName, teamName } from './changes.ts'
import type { Desk } from './desk.ts'
import { type Option, Picker } from './picker.tsx'
import { fromField, localField, snoozeChoices } from './snooze.ts'

interface BulkProps {
  desk: Desk
  onClose: () => void
}

function Choose(props: BulkProps & { what: string; children: preact.ComponentChildren }) {
  const { desk, onClose, what, children } = props
  useEffect(() => desk.known.load(), [desk])
  const n = desk.selection.size.value
  return (
    <Dialog
      title={t(`desk.bulk.${what}_title`, { n })}
      closeLabel={t('desk.action.close')}
      onClose={onClose}
    >
      {children}
    </Dialog>
  )
}

function doing({ desk, onClose }: BulkProps) {
  return (action: BulkAction) => () => {
    onClose()
    desk.bulk.run(action)
  }
}

export function BulkTag(props: BulkProps) {
  const act = doing(props)
  const chosen = props.desk.selection.ids.value
  const there = new Set(
    props.desk.lists.rows.value.flatMap((row) => (chosen.has(row.id) ? (row.tags ?? []) : [])),
  )
  const tags = props.desk.known.tags.value
  const options: Option[] = [
    ...tags.map((tag) => ({ id: tag, text: tag, run: act({ do: 'tag', tag }) })),
    ...[...there].map((tag) => ({
      id: `-${tag}`,
      text: t('desk.bulk.untag', { tag }),
      run: act({ do: 'untag', tag }),
    })),
  ]
  return (
    <Choose {...props} what="tag">
      <Picker
        label={t('desk.bulk.tag_find')}
        none={t('desk.bulk.tag_none')}
        options={options}
        make={(text) =>
          tags.includes(text)
            ? null
            : {
                id: 'new',
                text: t('desk.bulk.tag_new', { tag: text }),
                run: act({ do: 'tag', tag: text }),
              }
        }
      />
    </Choose>
  )
}

export function BulkTransfer(props: BulkProps) {
  const act = doing(props)
  const { known } = props.desk
  const options: Option[] = [
    ...known.teams.value.map((team) => ({
      id: `team-${team}`,
      text: t('desk.bulk.to_team', { team: teamName(team) }),
      run: act({ do: 'transfer', team }),
    })),
    ...known.operators.value.map((one) => ({
      id: one.id,
      text: one.name,
      hint: t(`desk.presence.${one.connected ? one.state : 'off'}`),
      run: act({ do: 'transfer', operator: one.id }),
    })),
  ]
  return (
    <Choose {...props} what="transfer">
      <Picker
        label={t('desk.bulk.transfer_find')}
        none={t('desk.bulk.transfer_none')}
        options={options}
      />
    </Choose>
  )
}

export function BulkPriority(props: BulkProps) {
  const act = doing(props)
  const options = Object.values(PRIORITIES).map((priority) => ({
    id: String(priority),
    text: priorityName(priority),
    run: act({ do: 'priority', priority }),
  }))
  return (
    <Choose {...props} what="priority">
      <Picker
        label={t('desk.bulk.priority_which')}
        none={t('desk.palette.none')}
        options={options}
      />
    </Choose>
  )
}

export function BulkMacro(props: BulkProps) {
  const act = doing(props)
  const able = props.desk.known.macros.value.filter(({ actions }) => actions.length)
  const options = able.map((macro) => ({
    id: macro.id,
    text: macro.name,
    also: macro.key,
    run: act({ do: 'macro', deeds: macro.actions }),
  }))
  return (
    <Choose {...props} what="macro">
      <p class="muted">{t('desk.bulk.macro_hint')}</p>
      <Picker
        label={t('desk.bulk.macro_find')}
        none={t('desk.bulk.macro_none')}
        options={options}
      />
    </Choose>
  )
}

export function BulkSnooze(props: BulkProps) {
  const act = doing(props)
  const own = useSignal('')
  const failed = useSignal(false)
  const until = (at: number) => act({ do: 'snooze', until: new Date(at).toISOString() })
  const options = snoozeChoices(now.peek(), null).map(({ key, at }) => ({
    id: key,
    text: t(`desk.snooze.${key}`),
    hint: moment(new Date(at).toISOString()),
    run: until(at),
  }))
  return (
    <Choose {...props} what="snooze">
      <Picker label={t('desk.bulk.snooze_when')} none={t('desk.palette.none')} options={options} />
      <form
        class="own-time"
        onSubmit={(event) => {
          event.preventDefault()
          const at = fromField(own.peek(), Date.now())
          failed.value = at === null
          if (at !== null) until(at)()
        }}
      >
        <label>
          <span>{t('desk.bulk.snooze_own')}</span>
          <input
            class="field"
            type="datetime-local"
            min={localField(now.peek())}
            value={own.value}
            aria-invalid={failed.value ? 'true' : undefined}
            onInput={(event) => {
              own.value = event.currentTarget.value
            }}
          />
        </label>
        <Button type="submit">{t('desk.bulk.snooze')}</Button>
        <p class="field-error" role="alert">
          {failed.value && t('desk.bulk.snooze_past')}
        </p>
      </form>
    </Choose>
  )
}
