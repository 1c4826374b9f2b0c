import { t } from '../../core/i18n.ts'
import { PRIORITIES, priorityName } from '../../desk/changes.ts'
import type { MacroAction } from '../../desk/thread-types.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import type { Around } from './macros.tsx'
import { readTime, writeTime } from './targets.ts'
import { teamAndLanguage } from './teams.tsx'

const DEEDS = [
  'tag',
  'untag',
  'priority',
  'note',
  'follow',
  'transfer',
  'snooze',
  'resolve',
] as const
type Deed = (typeof DEEDS)[number]
/** What ends one's own part: a macro does at most one of them. */
const LAST: readonly string[] = ['transfer', 'snooze', 'resolve']
const MOST = 10
const BEGIN: Record<Deed, MacroAction> = {
  tag: { do: 'tag', tag: '' },
  untag: { do: 'untag', tag: '' },
  priority: { do: 'priority', priority: PRIORITIES.normal },
  note: { do: 'note', note: '' },
  follow: { do: 'follow' },
  transfer: { do: 'transfer' },
  snooze: { do: 'snooze', minutes: 60 },
  resolve: { do: 'resolve' },
}

/** Whether an action has everything that it needs. */
export function isWhole(action: MacroAction): boolean {
  switch (action.do) {
    case 'tag':
    case 'untag':
      return String(action.tag ?? '').trim() !== ''
    case 'note':
      return String(action.note ?? '').trim() !== ''
    case 'transfer':
      return Boolean(action.team) !== Boolean(action.operator)
    case 'snooze':
      return Number(action.minutes) > 0
    default:
      return true
  }
}

interface ActionsProps {
  actions: MacroAction[]
  around: Around
  onChange: (actions: MacroAction[]) => void
}

export function ActionsEditor({ actions, around, onChange }: ActionsProps) {
  const set = (at: number, action: MacroAction) =>
    onChange(actions.map((one, index) => (index === at ? action : one)))
  const ends = actions.some((one) => LAST.includes(one.do))
  return (
    <fieldset>
      <legend>{t('admin.macros.actions')}</legend>
      {actions.length === 0 && <p class="muted small">{t('admin.macros.actions_none')}</p>}
      <ul class="actions-list">
        {actions.map((action, at) => (
          <li key={at}>
            <select
              class="field"
              aria-label={t('admin.macros.action')}
              value={action.do}
              onChange={({ currentTarget: { value } }) => set(at, { ...BEGIN[value as Deed] })}
            >
              {DEEDS.map((deed) => (
                <option
                  key={deed}
                  value={deed}
                  disabled={ends && LAST.includes(deed) && !LAST.includes(action.do)}
                >
                  {t(`admin.macros.do.${deed}`)}
                </option>
              ))}
            </select>
            <Detail action={action} around={around} onChange={(changed) => set(at, changed)} />
            <IconButton
              icon="close"
              small
              label={t('admin.macros.remove_action')}
              onClick={() => onChange(actions.filter((_, index) => index !== at))}
            />
          </li>
        ))}
      </ul>
      {actions.length < MOST && (
        <Button small kind="quiet" onClick={() => onChange([...actions, { ...BEGIN.tag }])}>
          {t('admin.macros.add_action')}
        </Button>
      )}
    </fieldset>
  )
}

interface DetailProps {
  action: MacroAction
  around: Around
  onChange: (action: MacroAction) => void
}

function Detail({ action, around, onChange }: DetailProps) {
  const label = t(`admin.macros.do.${action.do}`)
  switch (action.do) {
    case 'tag':
    case 'untag':
    case 'note': {
      const name = action.do === 'note' ? 'note' : 'tag'
      return (
        <input
          class="field"
          type="text"
          dir="auto"
          aria-label={label}
          value={String(action[name] ?? '')}
          onInput={(event) => onChange({ ...action, [name]: event.currentTarget.value })}
        />
      )
    }
    case 'snooze':
      return <Minutes label={label} action={action} onChange={onChange} />
    case 'priority':
      return (
        <select
          class="field"
          aria-label={label}
          value={String(action.priority)}
          onChange={(event) => onChange({ ...action, priority: +event.currentTarget.value })}
        >
          {Object.values(PRIORITIES).map((priority) => (
            <option key={priority} value={priority}>
              {priorityName(priority)}
            </option>
          ))}
        </select>
      )
    case 'transfer':
      return <Receiver label={label} action={action} around={around} onChange={onChange} />
    default:
      return <span />
  }
}

function Minutes({ label, action, onChange }: Omit<DetailProps, 'around'> & { label: string }) {
  return (
    <input
      class="field tabular"
      type="text"
      aria-label={label}
      placeholder={t('admin.sla.hint_short')}
      defaultValue={writeTime(Number(action.minutes) * 60)}
      onChange={(event) => {
        const seconds = readTime(event.currentTarget.value)
        onChange({ ...action, minutes: seconds ? Math.round(seconds / 60) : 0 })
      }}
    />
  )
}

function Receiver({ label, action, around, onChange }: DetailProps & { label: string }) {
  const value = action.team
    ? `team ${action.team}`
    : action.operator
      ? `person ${action.operator}`
      : ''
  return (
    <select
      class="field"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const [kind, id] = event.currentTarget.value.split(' ')
        onChange({ do: 'transfer', ...(kind === 'team' ? { team: id } : { operator: id }) })
      }}
    >
      <option value="" disabled>
        {t('admin.macros.choose')}
      </option>
      {around.teams.map((team) => (
        <option key={team.key} value={`team ${team.key}`}>
          {teamAndLanguage(team)}
        </option>
      ))}
      {around.operators.map((one) => (
        <option key={one.id} value={`person ${one.id}`}>
          {one.name}
        </option>
      ))}
    </select>
  )
}
