import type { CaseData, CaseField } from './case_types.ts'
import { language } from './i18n.ts'
import type { Money } from './types.ts'

/** What stands in a form: texts as written, `true` for a tick; files are in their baskets. */
export type Values = Record<string, string | boolean>

/** Why a field is not right: key of a text with its parameters. */
export interface FieldProblem {
  key: string
  max?: number
  money?: Money
}
export type FieldProblems = Record<string, FieldProblem>

/** Digits after the point of a currency: 2 for EUR, 0 for JPY. */
export function digitsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  return format.resolvedOptions().maximumFractionDigits ?? 2
}

/**
 * "1.234,50", "1,234.50", "1234.5" or "1 234,5" in minor units; null where it is no sum of this
 * currency. Three digits after a separator are thousands, unless the currency has three.
 */
export function parseAmount(text: string, currency: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Nd}/gu, (digit) => String(digitValue(digit)))
    .replace(/[\s'’٬\p{Sc}]/gu, '')
    .replace(new RegExp(currency, 'i'), '')
    .replace(/٫/g, '.')
  const digits = digitsOf(currency)
  const part = digits ? `(?:[.,](\\d{1,${digits}}))?` : '()'
  const found =
    (digits === 3 && new RegExp(`^(\\d+)${part}$`).exec(plain)) ||
    new RegExp(`^(\\d{1,3}(?:\\.\\d{3})+|\\d+)${part.replace('[.,]', '[,]')}$`).exec(plain) ||
    new RegExp(`^(\\d{1,3}(?:,\\d{3})+|\\d+)${part.replace('[.,]', '[.]')}$`).exec(plain)
  if (!found) return null
  const [, whole = '', rest = ''] = found
  const amount = Number(whole.replace(/[.,]/g, '') + rest.padEnd(digits, '0'))
  return Number.isSafeInteger(amount) ? amount : null
}

function digitValue(digit: string): number {
  if (digit >= '0' && digit <= '9') return Number(digit)
  // Digits of a script stand together, nought first.
  let value = 0
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0)! - value - 1)))
    value++
  return value
}

/** Minor units as somebody would type them: "12,90". */
export function amountText(amount: number, currency: string, locale = language.value): string {
  const digits = digitsOf(currency)
  const form = { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }
  return new Intl.NumberFormat(locale, form).format(amount / 10 ** digits)
}

/** What the server filled in beforehand. */
export function initial(fields: readonly CaseField[], currency: string): Values {
  const values: Values = {}
  for (const { name, kind, value } of fields) {
    if (kind === 'files' || value === null || value === undefined) continue
    if (kind === 'check') values[name] = value === true
    else if (kind === 'amount') values[name] = amountText(amountOf(value), currency)
    else values[name] = String(value)
  }
  return values
}

function amountOf(value: unknown): number {
  return typeof value === 'object' && value ? Number((value as Money).amount) : Number(value)
}

/** What is wrong, by field; nothing = it can be sent. `files` counts what is attached. */
export function check(
  fields: readonly CaseField[],
  values: Values,
  currency: string,
  files: (name: string) => number = () => 0,
): FieldProblems {
  const problems: FieldProblems = {}
  for (const field of fields) {
    const problem = wrong(field, values[field.name], currency, files(field.name))
    if (problem) problems[field.name] = problem
  }
  return problems
}

function wrong(
  field: CaseField,
  value: string | boolean | undefined,
  currency: string,
  files: number,
): FieldProblem | null {
  const { kind, required, max, max_amount } = field
  if (kind === 'files') return required && !files ? { key: 'case.form.files_missing' } : null
  if (kind === 'check') return required && value !== true ? { key: 'case.form.tick' } : null
  const text = typeof value === 'string' ? value.trim() : ''
  if (!text) {
    if (!required) return null
    return { key: kind === 'choice' ? 'case.form.choose' : 'case.form.missing' }
  }
  if (kind === 'amount') {
    const amount = parseAmount(text, max_amount?.currency ?? currency)
    if (amount === null || amount <= 0) return { key: 'case.form.no_amount' }
    if (max_amount && amount > max_amount.amount)
      return { key: 'case.form.amount_too_high', money: max_amount }
  }
  if (kind === 'number') {
    const number = Number(text)
    if (!Number.isInteger(number) || number < 0) return { key: 'case.form.no_number' }
    if (max != null && number > max) return { key: 'case.form.number_too_high', max }
  }
  if ((kind === 'text' || kind === 'long_text') && max != null && [...text].length > max)
    return { key: 'case.form.too_long', max }
  return null
}

/** What is sent for `values`: sums in minor units, ticks as true or false, texts trimmed. */
export function data(fields: readonly CaseField[], values: Values, currency: string): CaseData {
  const sent: CaseData = {}
  for (const { name, kind, max_amount } of fields) {
    const value = values[name]
    if (kind === 'files') continue
    if (kind === 'check') sent[name] = value === true
    else if (typeof value === 'string' && value.trim()) {
      const text = value.trim()
      if (kind === 'amount') sent[name] = parseAmount(text, max_amount?.currency ?? currency)
      else sent[name] = kind === 'number' ? Number(text) : text
    }
  }
  return sent
}
