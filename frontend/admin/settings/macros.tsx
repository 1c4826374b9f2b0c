import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import { uuid4 } from '../../core/ids.ts'
import { actionsInWords } from '../../desk/macro-words.ts'
import { reason } from '../../desk/reason.ts'
import { api } from '../../desk/session.ts'
import type { Macro } from '../../desk/thread-types.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { Setting } from './form.tsx'
import { MacroForm } from './macro-form.tsx'
import type { Operator } from './operators.tsx'
import type { Team } from './teams.tsx'

const MACROS = '/api/v1/desk/macros'
const MAKE = '/api/v1/admin/macros'
const ONE = '/api/v1/admin/macros/{id}'

export interface Around {
  teams: Team[]
  operators: Operator[]
}

async function fetchAll(): Promise<Around & { macros: Macro[] }> {
  const [macros, teams, operators] = await Promise.all([
    api.get<Macro[]>(MACROS),
    api.get<Team[]>('/api/v1/admin/teams'),
    api.get<Operator[]>('/api/v1/desk/operators'),
  ])
  return { macros, teams, operators }
}

const empty = (): Macro => ({
  ...{ id: uuid4(), key: '', name: '', texts: {}, actions: [], shared: true },
})

/** Answers that are written often, and what is done with them. */
export function MacrosPage() {
  const all = useLoaded('macros', fetchAll)
  const adding = useSignal<Macro | null>(null)
  const keep = (macros: Macro[]) => {
    const known = all.data.peek()
    if (known)
      all.data.value = { ...known, macros: macros.sort((a, b) => a.name.localeCompare(b.name)) }
  }
  const others = (id: string) => (all.data.peek()?.macros ?? []).filter((one) => one.id !== id)
  const save = async (macro: Macro, fresh: boolean) => {
    const saved = fresh
      ? await api.post<Macro>(MAKE, macro)
      : await api.put<Macro>(ONE, macro, { path: { id: macro.id } })
    keep([...others(macro.id), saved])
    adding.value = null
    toast(t('admin.settings.saved'))
  }
  const remove = async (macro: Macro) => {
    try {
      await api.delete(ONE, { path: { id: macro.id } })
      keep(others(macro.id))
      toast(t('admin.macros.removed', { name: macro.name }), {
        label: t('desk.action.undo'),
        // Under a new id: the old one is gone for good.
        run: () => void save({ ...macro, id: uuid4() }, true).catch(told),
      })
    } catch (error) {
      told(error)
    }
  }
  return (
    <Page title={t('admin.macros.title')} lead={t('admin.macros.lead')}>
      <Wait of={all} label={t('admin.macros.title')}>
        {({ macros, ...around }) => (
          <section>
            {macros.length === 0 && !adding.value && (
              <Empty icon="note" title={t('admin.macros.empty')}>
                {t('admin.macros.empty_hint')}
              </Empty>
            )}
            {macros.map((macro) => (
              <Setting
                key={macro.id}
                group="macro"
                title={macro.name}
                facts={facts(macro, around.operators)}
              >
                <MacroForm
                  macro={macro}
                  around={around}
                  onSave={(changed) => save(changed, false)}
                  onRemove={() => void remove(macro)}
                />
              </Setting>
            ))}
            {adding.value ? (
              <Setting group="macro" title={t('admin.macros.new')} facts={[]} open>
                <MacroForm
                  macro={adding.value}
                  around={around}
                  onSave={(made) => save(made, true)}
                />
              </Setting>
            ) : (
              <Button
                class="add"
                onClick={() => {
                  adding.value = empty()
                }}
              >
                {t('admin.macros.add')}
              </Button>
            )}
          </section>
        )}
      </Wait>
    </Page>
  )
}

function told(error: unknown): void {
  toast(reason(error))
}

function facts(macro: Macro, operators: Operator[]): string[] {
  const nameOf = (id: string) => operators.find((one) => one.id === id)?.name ?? ''
  const languages = Object.keys(macro.texts).join(' ').toUpperCase()
  const done = actionsInWords(macro.actions, nameOf)
  const own = macro.shared ? '' : t('admin.macros.own')
  return [`/${macro.key}`, languages, done, own].filter(Boolean)
}
