import { useSignal } from '@preact/signals'
import { language, languageName, t } from '../../core/i18n.ts'
import { reason } from '../../desk/reason.ts'
import { api } from '../../desk/session.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { CONTENT_LANGUAGES } from '../questions.ts'
import { weekInWords } from '../week.ts'
import { Check, Field, Setting } from './form.tsx'
import { type Spans, troubles } from './hours.ts'
import { ExceptionsEditor, WeekEditor } from './week-editor.tsx'

const URL = '/api/v1/admin/teams'
const ONE = '/api/v1/admin/teams/{key}'
const NAMED = ['en', 'es', 'ru'] as const
const KEY = /^[a-z0-9_-]{1,40}$/

export interface Team {
  key: string
  names: Record<string, string>
  language: string
  skill: string | null
  zone: string
  always: boolean
  week: Spans
  exceptions: Spans
  fallback: boolean
  overflow_to: string[]
  overflow_after_s: number
}

const NEW: Team = {
  ...{ key: '', names: {}, language: 'en', skill: null, always: false, fallback: false },
  ...{ zone: 'UTC', week: {}, exceptions: {}, overflow_to: [], overflow_after_s: 120 },
}

export function teamName(team: Team): string {
  return team.names[language.value] || team.names.en || team.key
}

/** Teams of two languages often have the same name. */
export function teamAndLanguage(team: Team): string {
  return `${teamName(team)} (${languageName(team.language, language.value)})`
}

/** Who answers in which language, when, and who helps them. */
export function TeamsPage() {
  const teams = useLoaded('teams', () => api.get<Team[]>(URL))
  const adding = useSignal(false)
  const saved = (team: Team) => {
    const others = (teams.data.peek() ?? []).filter(({ key }) => key !== team.key)
    teams.data.value = [...others, team].sort((a, b) => a.key.localeCompare(b.key))
    adding.value = false
  }
  return (
    <Page title={t('admin.teams.title')} lead={t('admin.teams.lead')}>
      <Wait of={teams} label={t('admin.teams.title')}>
        {(all) => (
          <section>
            {all.length === 0 && !adding.value && <Empty title={t('admin.overview.teams_none')} />}
            {all.map((team) => (
              <Setting
                key={team.key}
                group="team"
                title={teamName(team)}
                facts={[languageName(team.language, language.value), ...hoursOf(team)]}
              >
                <TeamForm team={team} all={all} onSaved={saved} />
              </Setting>
            ))}
            {adding.value ? (
              <Setting group="team" title={t('admin.teams.new')} facts={[]} open>
                <TeamForm team={NEW} all={all} onSaved={saved} />
              </Setting>
            ) : (
              <Button
                class="add"
                onClick={() => {
                  adding.value = true
                }}
              >
                {t('admin.teams.add')}
              </Button>
            )}
          </section>
        )}
      </Wait>
    </Page>
  )
}

function hoursOf(team: Team): string[] {
  if (team.always) return [t('admin.overview.always')]
  const words = weekInWords(team.week, language.value)
  return words.length ? words : [t('admin.teams.closed')]
}

function TeamForm(props: { team: Team; all: Team[]; onSaved: (team: Team) => void }) {
  const { team, all, onSaved } = props
  const draft = useSignal(team)
  const busy = useSignal(false)
  const wrong = useSignal<string | null>(null)
  const set = (more: Partial<Team>) => {
    draft.value = { ...draft.peek(), ...more }
  }
  const now = draft.value
  const save = async () => {
    wrong.value = problem(now, team.key === '', all)
    if (wrong.peek()) return
    busy.value = true
    try {
      const { key, ...body } = now
      onSaved(await api.put<Team>(ONE, body, { path: { key } }))
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
      <Naming team={now} fresh={team.key === ''} set={set} />
      <Hours team={now} set={set} />
      <Overflow team={now} all={all.filter(({ key }) => key !== team.key)} set={set} />
      <p class="field-error" role="alert">
        {wrong.value}
      </p>
      <Button kind="primary" type="submit" busy={busy.value}>
        {t('admin.settings.save')}
      </Button>
    </form>
  )
}

function problem(team: Team, fresh: boolean, all: Team[]): string | null {
  if (fresh && !KEY.test(team.key)) return t('admin.teams.key_wrong')
  if (fresh && all.some(({ key }) => key === team.key)) return t('admin.teams.key_used')
  const [first] = team.always ? [] : troubles(team.week)
  return first ? t('admin.teams.hours_wrong') : null
}

interface PartProps {
  team: Team
  set: (more: Partial<Team>) => void
}

function Naming({ team, fresh, set }: PartProps & { fresh: boolean }) {
  return (
    <div class="field-row">
      {fresh && (
        <Field
          label={t('admin.teams.key')}
          value={team.key}
          onChange={(key) => set({ key: key.trim().toLowerCase() })}
        />
      )}
      {NAMED.map((tag) => (
        <Field
          key={tag}
          label={t('admin.teams.name_in', { language: languageName(tag, language.value) })}
          lang={tag}
          value={team.names[tag] ?? ''}
          onChange={(name) => set({ names: withName(team.names, tag, name) })}
        />
      ))}
      <label class="tool">
        <span>{t('admin.content.language')}</span>
        <select
          class="field"
          value={team.language}
          onChange={(event) => set({ language: event.currentTarget.value })}
        >
          {[...new Set([...CONTENT_LANGUAGES, team.language])].map((tag) => (
            <option key={tag} value={tag}>
              {languageName(tag, language.value)}
            </option>
          ))}
        </select>
      </label>
      <Field
        label={t('admin.teams.skill')}
        hint={t('admin.teams.skill_hint')}
        value={team.skill ?? ''}
        onChange={(skill) => set({ skill: skill.trim() || null })}
      />
    </div>
  )
}

function withName(names: Record<string, string>, tag: string, name: string) {
  const { [tag]: _, ...rest } = names
  return name.trim() ? { ...rest, [tag]: name } : rest
}

function Hours({ team, set }: PartProps) {
  return (
    <fieldset>
      <legend>{t('admin.overview.hours')}</legend>
      <Check
        label={t('admin.overview.always')}
        checked={team.always}
        onChange={(always) => set({ always })}
      />
      {!team.always && (
        <>
          <Field
            label={t('admin.teams.zone')}
            value={team.zone}
            list="zones"
            onChange={(zone) => set({ zone: zone.trim() })}
          />
          <datalist id="zones">
            {Intl.supportedValuesOf('timeZone').map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
          <WeekEditor week={team.week} onChange={(week) => set({ week })} />
          <h2>{t('admin.teams.exceptions')}</h2>
          <ExceptionsEditor
            exceptions={team.exceptions}
            onChange={(exceptions) => set({ exceptions })}
          />
        </>
      )}
    </fieldset>
  )
}

function Overflow({ team, all, set }: PartProps & { all: Team[] }) {
  const to = new Set(team.overflow_to)
  const choose = (key: string, chosen: boolean) =>
    set({ overflow_to: chosen ? [...to, key] : [...to].filter((one) => one !== key) })
  return (
    <fieldset>
      <legend>{t('admin.teams.help')}</legend>
      <Check
        label={t('admin.teams.fallback')}
        checked={team.fallback}
        onChange={(fallback) => set({ fallback })}
      />
      {all.length > 0 && <p class="muted small">{t('admin.teams.overflow')}</p>}
      <div class="checks">
        {all.map((other) => (
          <Check
            key={other.key}
            label={teamAndLanguage(other)}
            checked={to.has(other.key)}
            onChange={(chosen) => choose(other.key, chosen)}
          />
        ))}
      </div>
      <Field
        label={t('admin.teams.overflow_after')}
        type="number"
        min={0}
        max={1440}
        value={String(Math.round(team.overflow_after_s / 60))}
        onChange={(value) => set({ overflow_after_s: Math.max(0, Number(value) || 0) * 60 })}
      />
    </fieldset>
  )
}
