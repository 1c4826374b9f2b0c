import { type Signal, signal } from '@preact/signals'
import type { Values } from '../../core/case_form.ts'
import type { CaseField, CaseForm, CaseFormLine, CaseReasonChoice } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { uuid7 } from '../../core/ids.ts'
import { money } from '../../core/money.ts'
import type { Money } from '../../core/types.ts'
import { store } from '../state.ts'

/** A case that is being written; kept over a reload. */
export interface CaseDraft {
  /** Made once: sent again, it is the same case. */
  id: string
  line: number | null
  reason: string | null
  /** What was written in the fields, whatever the reason. */
  values: Values
  /** What was said before was put in. */
  filled: boolean
}

const drafts = new Map<string, Signal<CaseDraft>>()
const key = (place: string) => `case.new.${place}`

export function caseDraft(place: string): Signal<CaseDraft> {
  const known = drafts.get(place)
  if (known) return known
  const fresh = { id: uuid7(), line: null, reason: null, values: {}, filled: false }
  const made = signal<CaseDraft>(store.get<CaseDraft>(key(place)) ?? fresh)
  drafts.set(place, made)
  return made
}

export function changeDraft(place: string, change: Partial<CaseDraft>): void {
  const draft = caseDraft(place)
  draft.value = { ...draft.peek(), ...change }
  store.set(key(place), draft.peek())
}

export function dropDraft(place: string): void {
  drafts.delete(place)
  store.remove(key(place))
}

const TEXT_LIMIT = 3000
/** A right that needs no reason. */
const WORDLESS = ['cooling_off']

/** The line that is meant: the chosen one, or the only one. */
export function lineOf(form: CaseForm, draft: CaseDraft): CaseFormLine | null {
  const [first] = form.lines
  if (form.lines.length === 1 && first) return first
  return form.lines.find(({ position }) => position === draft.line) ?? null
}

/** What can come back at most: for the line, or for the whole order. */
export function most(form: CaseForm, line: CaseFormLine | null): Money {
  if (line) return line.refundable
  const amount = form.lines.reduce((sum, one) => sum + one.refundable.amount, 0)
  return { amount, currency: form.currency }
}

/** Everything that is asked for a reason, as fields. */
export function fieldsOf(
  form: CaseForm,
  reason: CaseReasonChoice,
  line: CaseFormLine | null,
  { values }: CaseDraft,
): CaseField[] {
  const fields: CaseField[] = []
  const wish = reason.remedies.find(({ key: name }) => name === values.remedy)
  const limit = most(form, line)
  if (reason.remedies.length > 1)
    fields.push({
      name: 'remedy',
      label: t('case.new.remedy'),
      kind: 'choice',
      required: true,
      choices: reason.remedies.map(({ key: name, label, amount }) => ({
        key: name,
        label: !amount && WHOLE.includes(name) ? `${label} · ${money(limit)}` : label,
      })),
    })
  if (wish?.amount)
    fields.push({
      name: 'amount',
      label: t('case.new.amount'),
      kind: 'amount',
      required: true,
      max_amount: limit,
    })
  fields.push({
    name: 'text',
    label: t('case.new.text'),
    help: form.prefill.text ? t('case.new.text_help') : null,
    kind: 'long_text',
    required: !WORDLESS.includes(reason.key),
    max: TEXT_LIMIT,
  })
  fields.push(...reason.fields)
  for (const { type, label, required } of reason.evidence)
    fields.push({ name: evidenceName(type), label, kind: 'files', required: required ?? false })
  return fields
}

/** Remedies that give all of it back. */
const WHOLE = ['refund', 'return_refund']

export const evidenceName = (type: string) => `evidence_${type}`
