import './case.css'
import '../more_icons.ts'
import { useSignal } from '@preact/signals'
import { useEffect, useMemo, useRef } from 'preact/hooks'
import { check, data, type FieldProblems, initial, type Values } from '../../core/case_form.ts'
import type { Case, CaseAction, CaseField, CaseStore } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { now } from '../../core/time.ts'
import type { Basket } from '../../pictures/basket.ts'
import { Button } from '../button.tsx'
import { Notice } from '../states.tsx'
import { caseBasket, empty, idsOf, standing } from './basket.ts'
import { Fields } from './fields.tsx'
import { caseTrouble } from './files.tsx'
import { dueShort } from './until.ts'

export interface ActionsProps {
  store: CaseStore
  /** Begins the places of what somebody writes: the person, so that it is nobody else's. */
  place: string
  /** Keys to leave out: they stand elsewhere on the page. */
  without?: readonly string[]
}

/** What the reader may do now: a button each, and the form of the chosen one in their place. */
export function Actions({ store, place, without = [] }: ActionsProps) {
  const item = store.item.value
  const holder = useRef<HTMLElement>(null)
  const last = useRef<string | null>(null)
  const chosen = store.chosen.value
  useEffect(() => {
    // The form is gone: the focus goes back to the button that opened it, or to what is now.
    if (!chosen && last.current) {
      const button = holder.current?.querySelector<HTMLElement>(`[data-key="${last.current}"]`)
      ;(button ?? holder.current)?.focus()
    }
    last.current = chosen
  }, [chosen])
  if (!item) return null
  const actions = item.actions.filter(({ key }) => !without.includes(key))
  const open = actions.find(({ key }) => key === chosen)
  return (
    <section
      ref={holder}
      class="case-actions"
      tabIndex={-1}
      aria-label={t('case.actions')}
      hidden={!actions.length && !store.refused.value}
    >
      {store.refused.value !== null && (
        <Notice kind="danger" live="assertive">
          {caseTrouble(store.refused.value)}
        </Notice>
      )}
      {open ? (
        <ActionForm key={open.key} action={open} item={item} store={store} place={place} />
      ) : (
        <ul class="case-buttons">
          {actions.map((action) => (
            <li key={action.key}>
              <Button
                kind={action.kind}
                data-key={action.key}
                busy={store.busy.value === action.key}
                aria-describedby={action.help ? `act-${action.key}` : undefined}
                onClick={() => press(store, action)}
              >
                {action.label}
              </Button>
              {action.help && (
                <span id={`act-${action.key}`} class="muted small" dir="auto">
                  {action.help}
                </span>
              )}
              {action.mandatory && action.due_at && action.due_at !== item.due_at && (
                <span class="small tabular">
                  {t('case.due.by', { at: dueShort(action.due_at) })}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function press(store: CaseStore, action: CaseAction): void {
  if (action.fields.length || action.confirm) store.choose(action.key)
  else void store.act(action.key)
}

interface FormProps {
  action: CaseAction
  item: Case
  store: CaseStore
  place: string
}

const drafts = new Map<string, Values>()

/** What was written in the form of an action, and sending it when its files are there. */
function useForm({ action, item, store, place }: FormProps) {
  const { fields } = action
  const currency = item.captured.currency
  const where = `${place}.case.${item.id}.${action.key}`
  const values = useSignal<Values>(drafts.get(where) ?? initial(fields, currency))
  const problems = useSignal<FieldProblems>({})
  const waiting = useSignal(false)
  const form = useRef<HTMLFormElement>(null)
  const baskets = useBaskets(store, where, fields, item.id)
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>(
      'input:not([tabindex]), textarea, select',
    )
    ;(first ?? form.current)?.focus()
    form.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const change = (name: string, value: string | boolean) => {
    values.value = { ...values.value, [name]: value }
    drafts.set(where, values.value)
    if (problems.value[name]) {
      const { [name]: _, ...rest } = problems.value
      problems.value = rest
    }
  }
  const all = [...baskets.values()]
  const send = async () => {
    waiting.value = false
    const files = all.flatMap(({ items }) => idsOf(items.value))
    if (!(await store.act(action.key, data(fields, values.value, currency), files))) return
    drafts.delete(where)
    empty(all)
  }
  const submit = (event: Event) => {
    event.preventDefault()
    const count = (name: string) => baskets.get(name)?.items.value.length ?? 0
    problems.value = check(fields, values.value, currency, count)
    const [first] = fields.filter(({ name }) => problems.value[name])
    if (first) form.current?.querySelector<HTMLElement>(`#act-${action.key}-${first.name}`)?.focus()
    else if (standing(all) === 'sending') waiting.value = true
    else if (standing(all) === 'ready') void send()
  }
  const ready = standing(all)
  useEffect(() => {
    if (waiting.value && ready !== 'sending') {
      if (ready === 'ready') void send()
      else waiting.value = false
    }
  }, [ready, waiting.value])
  return { form, values, problems, waiting, ready, baskets, change, submit }
}

/** The form of one action; what was written stays until it was done. */
export function ActionForm({ action, item, store, place }: FormProps) {
  const { fields } = action
  const { form, values, problems, waiting, ready, baskets, change, submit } = useForm({
    ...{ action, item, store, place },
  })
  return (
    <form
      ref={form}
      class="case-form"
      noValidate
      tabIndex={-1}
      aria-label={action.label}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        store.choose(null)
      }}
    >
      <h2>{action.label}</h2>
      {action.help && (
        <p class="muted" dir="auto">
          {action.help}
        </p>
      )}
      {action.confirm && <p dir="auto">{action.confirm}</p>}
      {action.due_at && action.due_at !== item.due_at && Date.parse(action.due_at) > now.value && (
        <p class="small tabular">{t('case.due.by', { at: dueShort(action.due_at) })}</p>
      )}
      <Fields
        id={`act-${action.key}`}
        fields={fields}
        values={values.value}
        problems={problems.value}
        currency={item.captured.currency}
        basket={(name) => baskets.get(name)!}
        onChange={change}
      />
      {waiting.value && (
        <p class="small" role="status">
          {t('case.form.waiting_files')}
        </p>
      )}
      {ready === 'refused' && (
        <p class="case-error" role="alert">
          {t('case.form.settle_files')}
        </p>
      )}
      <div class="case-form-end">
        <Button
          type="submit"
          kind={action.kind === 'danger' ? 'danger' : 'primary'}
          busy={store.busy.value === action.key || waiting.value}
        >
          {action.label}
        </Button>
        <Button onClick={() => store.choose(null)}>{t('case.form.not_now')}</Button>
      </div>
    </form>
  )
}

function useBaskets(
  store: CaseStore,
  where: string,
  fields: readonly CaseField[],
  caseId: string,
): Map<string, Basket> {
  const names = fields.filter(({ kind }) => kind === 'files').map(({ name }) => name)
  return useMemo(() => {
    const made = fields
      .filter(({ kind }) => kind === 'files')
      .map(({ name, max }) => {
        const type = name === 'files' ? null : name
        const parts = { place: `${where}.${name}`, type, case: caseId, most: max ?? null }
        return [name, caseBasket(store.client, parts)] as const
      })
    return new Map(made)
  }, [where, names.join()])
}
