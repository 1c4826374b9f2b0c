import { useSignal } from '@preact/signals'
import { language, languageName, t } from '../../core/i18n.ts'
import { topicName } from '../../desk/inbox.ts'
import { reason } from '../../desk/reason.ts'
import { api } from '../../desk/session.ts'
import type { Colleague } from '../../desk/thread-types.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { Check, Field, Setting } from './form.tsx'
import { type Team, teamAndLanguage } from './teams.tsx'

const OPERATORS = '/api/v1/desk/operators'
const TEAMS = '/api/v1/admin/teams'
const ROUTING = '/api/v1/admin/operators/{id}/routing'
const TOPICS = ['orders', 'profile', 'coupons', 'returns', 'payment', 'rules']
const MOST = 50

export type Operator = Colleague & { skills: string[] }

interface Staff {
  operators: Operator[]
  teams: Team[]
}

async function fetchStaff(): Promise<Staff> {
  const [operators, teams] = await Promise.all([
    api.get<Operator[]>(OPERATORS),
    api.get<Team[]>(TEAMS),
  ])
  return { operators, teams }
}

/** How much each operator takes at once, what they know, and where they help. */
export function OperatorsPage() {
  const staff = useLoaded('operators', fetchStaff)
  const saved = (operator: Operator) => {
    const known = staff.data.peek()
    if (!known) return
    const operators = known.operators.map((one) => (one.id === operator.id ? operator : one))
    staff.data.value = { ...known, operators }
  }
  return (
    <Page title={t('admin.operators.title')} lead={t('admin.operators.lead')}>
      <Wait of={staff} label={t('admin.operators.title')}>
        {({ operators, teams }) => (
          <section>
            {operators.length === 0 && <Empty title={t('admin.overview.staff_none')} />}
            {operators.map((one) => (
              <Setting key={one.id} group="operator" title={one.name} facts={facts(one)}>
                <OperatorForm operator={one} teams={teams} onSaved={saved} />
              </Setting>
            ))}
          </section>
        )}
      </Wait>
    </Page>
  )
}

function facts(one: Operator): string[] {
  const languages = one.languages.map((tag) => languageName(tag, language.value)).join(', ')
  return [
    t(`desk.presence.${one.connected ? one.state : 'off'}`),
    t('desk.presence.load', { load: one.load, capacity: one.capacity }),
    languages,
  ]
}

interface FormProps {
  operator: Operator
  teams: Team[]
  onSaved: (operator: Operator) => void
}

function OperatorForm({ operator, teams, onSaved }: FormProps) {
  const capacity = useSignal(String(operator.capacity))
  const skills = useSignal(operator.skills)
  const own = useSignal(operator.teams)
  const busy = useSignal(false)
  const wrong = useSignal(false)
  const save = async () => {
    const n = Number(capacity.peek())
    wrong.value = !Number.isInteger(n) || n < 1 || n > MOST
    if (wrong.peek()) return
    busy.value = true
    try {
      const body = { capacity: n, skills: skills.peek(), teams: own.peek() }
      onSaved(await api.put<Operator>(ROUTING, body, { path: { id: operator.id } }))
      toast(t('admin.settings.saved'))
    } catch (error) {
      toast(reason(error))
    } finally {
      busy.value = false
    }
  }
  return (
    <form
      class="setting-form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <Field
        label={t('admin.operators.capacity')}
        hint={t('admin.operators.capacity_hint')}
        type="number"
        min={1}
        max={MOST}
        value={capacity.value}
        onChange={(value) => {
          capacity.value = value
        }}
      />
      <p class="field-error" role="alert">
        {wrong.value && t('admin.operators.capacity_wrong', { n: MOST })}
      </p>
      <Several
        legend={t('admin.operators.teams')}
        hint={t('admin.operators.teams_hint')}
        chosen={own.value}
        offered={teams.map((team) => [team.key, teamAndLanguage(team)])}
        onChange={(keys) => {
          own.value = keys
        }}
      />
      <Several
        legend={t('admin.operators.skills')}
        hint={t('admin.operators.skills_hint')}
        chosen={skills.value}
        offered={[...new Set([...TOPICS, ...operator.skills])].map((key) => [key, topicName(key)])}
        onChange={(keys) => {
          skills.value = keys
        }}
      />
      <Button kind="primary" type="submit" busy={busy.value}>
        {t('admin.settings.save')}
      </Button>
    </form>
  )
}

interface SeveralProps {
  legend: string
  hint: string
  chosen: string[]
  offered: [string, string][]
  onChange: (keys: string[]) => void
}

function Several({ legend, hint, chosen, offered, onChange }: SeveralProps) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      <p class="muted small">{hint}</p>
      <div class="checks">
        {offered.map(([key, text]) => (
          <Check
            key={key}
            label={text}
            checked={chosen.includes(key)}
            onChange={(on) => onChange(on ? [...chosen, key] : chosen.filter((one) => one !== key))}
          />
        ))}
      </div>
    </fieldset>
  )
}
