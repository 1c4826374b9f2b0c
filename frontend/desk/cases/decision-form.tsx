import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import {
  amountText,
  check,
  data,
  type FieldProblems,
  initial,
  parseAmount,
  type Values,
} from '../../core/case_form.ts'
import type { Case, CaseAction, CaseField, CaseStore } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { Button } from '../../ui/button.tsx'
import { caseBasket, empty, idsOf, standing } from '../../ui/case/basket.ts'
import { Fields } from '../../ui/case/fields.tsx'
import { caseTrouble } from '../../ui/case/files.tsx'
import { Notice } from '../../ui/states.tsx'
import { me } from '../session.ts'
import { chosenLabel, fieldsFor, suggestions } from './decision.ts'

interface FormProps {
  item: Case
  action: CaseAction
  store: CaseStore
}

/** What was written stays while somebody looks at another case. */
const drafts = new Map<string, Values>()

/** What is written in the form, and sending it. */
function useDecision({ item, action, store }: FormProps) {
  const { currency } = item.captured
  const place = `${item.id}.${action.key}`
  const values = useSignal<Values>(drafts.get(place) ?? initial(action.fields, currency))
  const problems = useSignal<FieldProblems>({})
  const form = useRef<HTMLFormElement>(null)
  const baskets = useMemo(() => basketsOf(store, place, action.fields), [store, place])
  const fields = fieldsFor(action.fields, values.value)
  const all = [...baskets.values()]
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus()
    form.current?.scrollIntoView?.({ block: 'nearest' })
  }, [])
  const change = (name: string, value: string | boolean) => {
    values.value = { ...values.value, [name]: value }
    drafts.set(place, values.value)
    const { [name]: _, ...rest } = problems.value
    problems.value = rest
  }
  const attached = (name: string) => baskets.get(name)?.items.value.length ?? 0
  const submit = async () => {
    problems.value = check(fields, values.value, currency, attached)
    const [wrong] = fields.filter(({ name }) => problems.value[name])
    if (wrong) return form.current?.querySelector<HTMLElement>(`#decide-${wrong.name}`)?.focus()
    if (standing(all) !== 'ready') return
    const files = all.flatMap(({ items }) => idsOf(items.value))
    if (!(await store.act(action.key, data(fields, values.value, currency), files))) return
    drafts.delete(place)
    empty(all)
  }
  const shared = {
    id: 'decide',
    values: values.value,
    problems: problems.value,
    currency,
    basket: (name: string) => baskets.get(name)!,
    onChange: change,
  }
  return { form, fields, shared, change, submit, files: standing(all) }
}

/** Remedy, sum, rule and reasons, beside them what both sides will read. */
export function DecisionForm({ item, action, store }: FormProps) {
  const { form, fields, shared, change, submit, files } = useDecision({ item, action, store })
  // The sums that are often meant stand below the field that they fill.
  const sum = fields.findIndex(({ name }) => name === 'amount') + 1
  return (
    <form
      ref={form}
      class="decision-form"
      noValidate
      aria-label={action.label}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit()
      }}
    >
      <div class="decision-fields">
        <h3>{action.label}</h3>
        {action.help && (
          <p class="muted" dir="auto">
            {action.help}
          </p>
        )}
        <Refused store={store} />
        <Fields {...shared} fields={fields.slice(0, sum)} />
        {sum > 0 && (
          <Sums item={item} fields={fields} onChoose={(text) => change('amount', text)} />
        )}
        <Fields {...shared} fields={fields.slice(sum)} />
      </div>
      <Preview item={item} fields={fields} values={shared.values} />
      {action.confirm && <p dir="auto">{action.confirm}</p>}
      {files === 'refused' && (
        <p class="case-error" role="alert">
          {t('case.form.settle_files')}
        </p>
      )}
      <p class="case-form-end">
        <Button
          type="submit"
          kind={action.kind === 'danger' ? 'danger' : 'primary'}
          busy={store.busy.value === action.key || files === 'sending'}
        >
          {action.label}
        </Button>
        <Button onClick={() => store.choose(null)}>{t('case.form.not_now')}</Button>
      </p>
    </form>
  )
}

/** Why the server did not do it; what was written is still there. */
function Refused({ store }: { store: CaseStore }) {
  if (store.refused.value === null) return null
  return (
    <Notice kind="danger" live="assertive">
      {caseTrouble(store.refused.value)}
    </Notice>
  )
}

/** Where the files of the form wait; they come back after a reload. */
function basketsOf(store: CaseStore, place: string, fields: readonly CaseField[]) {
  const made = fields
    .filter(({ kind }) => kind === 'files')
    .map(({ name, max }) => {
      const parts = { place: `amparo.desk.${me().id}.${place}.${name}`, case: store.id, most: max }
      return [name, caseBasket(store.client, parts)] as const
    })
  return new Map(made)
}

interface SumsProps {
  item: Case
  fields: readonly CaseField[]
  onChoose: (text: string) => void
}

function Sums({ item, fields, onChoose }: SumsProps) {
  const most = fields.find(({ name }) => name === 'amount')?.max_amount ?? null
  return (
    <p class="decision-sums">
      <span class="muted small">{t('desk.cases.sum')}</span>
      {suggestions(item, most).map(({ key, sum }) => (
        <Button
          key={key}
          small
          onClick={() => onChoose(amountText(sum.amount, sum.currency))}
          title={t(`desk.cases.sum.${key}`)}
        >
          {t(`desk.cases.sum.${key}`)} <span class="tabular">{money(sum)}</span>
        </Button>
      ))}
    </p>
  )
}

interface PreviewProps {
  item: Case
  fields: readonly CaseField[]
  values: Values
}

/** Drawn as it is typed: who decides sees what those will read who did not. */
function Preview({ item, fields, values }: PreviewProps) {
  const { currency } = item.captured
  const remedy = chosenLabel(fields, 'remedy', values)
  const outcome = chosenLabel(fields, 'outcome', values)
  const rule = chosenLabel(fields, 'rule', values) ?? textOf(values.rule)
  const sum = fields.some(({ name }) => name === 'amount') ? textOf(values.amount) : ''
  const amount = sum ? parseAmount(sum, currency) : null
  return (
    <section class="decision-preview" aria-label={t('desk.cases.preview')}>
      <h3 class="case-eyebrow">{t('desk.cases.preview')}</h3>
      {outcome && <p dir="auto">{outcome}</p>}
      <p class="case-offer-what">
        {amount !== null && <strong class="tabular">{money({ amount, currency })}</strong>}
        {remedy && <strong dir="auto">{remedy}</strong>}
      </p>
      <p class="case-words" dir="auto">
        {textOf(values.reasons) || <span class="muted">{t('desk.cases.preview_empty')}</span>}
      </p>
      {rule && (
        <p class="small">
          <span class="muted">{t('case.decision.rule')}</span> <span dir="auto">{rule}</span>
        </p>
      )}
    </section>
  )
}

function textOf(value: string | boolean | undefined): string {
  return typeof value === 'string' ? value.trim() : ''
}
