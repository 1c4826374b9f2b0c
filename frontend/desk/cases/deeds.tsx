import type { Case, CaseAction, CaseStore } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Actions } from '../../ui/case/actions.tsx'
import { me } from '../session.ts'
import { DecisionForm } from './decision-form.tsx'

/** They stand elsewhere on the page. */
const ELSEWHERE = ['take', 'release_case', 'note']
/** With these an operator writes what both sides will read. */
const DECISIVE = ['decide', 'uphold', 'change', 'propose']

/** What can be done about the case itself. */
export function deedsOf(item: Case | null): CaseAction[] {
  return item?.actions.filter(({ key }) => !ELSEWHERE.includes(key)) ?? []
}

/** What settles it: a decision, the answer to an appeal, else what stands out. Never a danger. */
export function decisive(item: Case | null): CaseAction | null {
  const deeds = deedsOf(item)
  const found = ['decide', 'uphold', 'change']
    .map((key) => deeds.find((deed) => deed.key === key))
    .find(Boolean)
  return found ?? deeds.find(({ kind }) => kind === 'primary') ?? null
}

/** What the operator can do now; a decision has a form of its own. */
export function Deeds({ item, store }: { item: Case; store: CaseStore }) {
  const deeds = deedsOf(item)
  const chosen = deeds.find(({ key }) => key === store.chosen.value)
  const ownForm = chosen && DECISIVE.includes(chosen.key) && chosen.fields.length > 0
  if (!deeds.length && !store.refused.value) return null
  return (
    <div class="desk-deeds">
      <h2>{t('desk.cases.deeds')}</h2>
      {ownForm ? (
        <DecisionForm key={chosen.key} item={item} action={chosen} store={store} />
      ) : (
        <Actions store={store} place={`amparo.desk.${me().id}`} without={ELSEWHERE} />
      )}
    </div>
  )
}
