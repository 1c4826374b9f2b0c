import './case.css'
import type { FieldProblem, FieldProblems, Values } from '../../core/case_form.ts'
import type { CaseField } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import type { Basket } from '../../pictures/basket.ts'
import { AttachFiles } from './attach.tsx'

export interface FieldsProps {
  /** Begins the ids of the inputs: unique on the page. */
  id: string
  fields: readonly CaseField[]
  values: Values
  problems: FieldProblems
  /** Of the case or order: what a sum without its own is in. */
  currency: string
  /** Where the files of a field of kind "files" wait. */
  basket(name: string): Basket
  onChange(name: string, value: string | boolean): void
}

/** A form as the server described it. */
export function Fields({ fields, problems, ...props }: FieldsProps) {
  return (
    <>
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          problem={problems[field.name] ?? null}
          value={props.values[field.name]}
          {...props}
        />
      ))}
    </>
  )
}

interface FieldProps extends Omit<FieldsProps, 'fields' | 'problems' | 'values'> {
  field: CaseField
  value: string | boolean | undefined
  problem: FieldProblem | null
}

export function Field(props: FieldProps) {
  const { field, basket } = props
  const id = `${props.id}-${field.name}`
  const error = props.problem && problemWords(props.problem)
  if (field.kind === 'files')
    return (
      <AttachFiles
        id={id}
        label={field.label}
        help={field.help}
        basket={basket(field.name)}
        required={field.required}
        error={error}
      />
    )
  if (field.kind === 'check') return <Check {...props} id={id} error={error} />
  if (field.kind === 'choice' && (field.choices?.length ?? 0) <= 6)
    return <Radios {...props} id={id} error={error} />
  return (
    <div class="case-field">
      <Label id={id} field={field} />
      <Input {...props} id={id} error={error} />
      <Under id={id} field={field} error={error} />
    </div>
  )
}

export function problemWords({ key, max, money: sum }: FieldProblem): string {
  return t(key, { max, amount: sum && money(sum) })
}

type Inner = FieldProps & { error: string | null }

function Label({ id, field }: { id: string; field: CaseField }) {
  return (
    <label class="case-label" for={id}>
      <span dir="auto">{field.label}</span>
      {!field.required && <span class="muted"> {t('case.form.optional')}</span>}
    </label>
  )
}

function Under({ id, field, error }: { id: string; field: CaseField; error: string | null }) {
  const most = field.kind === 'amount' && field.max_amount
  return (
    <>
      {(field.help || most) && (
        <p id={`${id}-help`} class="muted small">
          {field.help && <span dir="auto">{field.help} </span>}
          {most && <bdi>{t('case.form.up_to', { amount: money(most) })}</bdi>}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class="case-error">
          {error}
        </p>
      )}
    </>
  )
}

function described(id: string, { help, kind, max_amount }: CaseField, error: string | null) {
  const ids = [(help || (kind === 'amount' && max_amount)) && `${id}-help`, error && `${id}-error`]
  return ids.filter(Boolean).join(' ') || undefined
}

function Input({ id, field, value, error, currency, onChange }: Inner) {
  const common = {
    id,
    name: field.name,
    class: 'case-input',
    required: field.required,
    'aria-invalid': error ? ('true' as const) : undefined,
    'aria-describedby': described(id, field, error),
    value: typeof value === 'string' ? value : '',
    onInput: (event: { currentTarget: { value: string } }) =>
      onChange(field.name, event.currentTarget.value),
  }
  switch (field.kind) {
    case 'long_text':
      return <textarea {...common} rows={4} dir="auto" maxLength={field.max ?? undefined} />
    case 'choice':
      return (
        <select {...common}>
          <option value="">{t('case.form.pick')}</option>
          {field.choices?.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </select>
      )
    case 'amount':
      return (
        <span class="case-sum">
          <input {...common} inputMode="decimal" autocomplete="off" dir="ltr" />
          <span class="case-currency">{field.max_amount?.currency ?? currency}</span>
        </span>
      )
    case 'date':
      return <input {...common} type="date" max={today()} />
    case 'number':
      return <input {...common} type="number" min={0} max={field.max ?? undefined} />
    default:
      return <input {...common} type="text" dir="auto" maxLength={field.max ?? undefined} />
  }
}

/** The reader's own day: what happened did so by now. */
function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}

function Check({ id, field, value, error, onChange }: Inner) {
  return (
    <div class="case-field">
      <label class="case-option">
        <input
          id={id}
          name={field.name}
          type="checkbox"
          checked={value === true}
          required={field.required}
          aria-invalid={error ? 'true' : undefined}
          aria-describedby={described(id, field, error)}
          onChange={(event) => onChange(field.name, event.currentTarget.checked)}
        />
        <span dir="auto">{field.label}</span>
      </label>
      <Under id={id} field={field} error={error} />
    </div>
  )
}

function Radios({ id, field, value, error, onChange }: Inner) {
  return (
    <fieldset class="case-field" aria-describedby={described(id, field, error)}>
      <legend class="case-label">
        <span dir="auto">{field.label}</span>
        {!field.required && <span class="muted"> {t('case.form.optional')}</span>}
      </legend>
      {field.choices?.map(({ key, label }, index) => (
        <label key={key} class="case-option">
          <input
            id={index ? `${id}-${key}` : id}
            type="radio"
            name={id}
            value={key}
            checked={value === key}
            aria-invalid={error ? 'true' : undefined}
            onChange={() => onChange(field.name, key)}
          />
          <span dir="auto">{label}</span>
        </label>
      ))}
      <Under id={id} field={field} error={error} />
    </fieldset>
  )
}
