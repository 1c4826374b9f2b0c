import type { Values } from '../../core/case_form.ts'
import type { Case, CaseField } from '../../core/cases.ts'
import type { Money } from '../../core/types.ts'

/** Remedies that give no sum back by themselves: what stands in the field of the sum is not sent. */
const WITHOUT_SUM = ['none', 'replacement', 'repair', 'continue_order', 'credit_order']

/** The fields that belong to what was chosen so far. */
export function fieldsFor(fields: readonly CaseField[], values: Values): CaseField[] {
  const remedy = values.remedy
  const noSum = typeof remedy === 'string' && WITHOUT_SUM.includes(remedy)
  return fields.filter(({ name }) => name !== 'amount' || !noSum)
}

export interface Suggestion {
  key: 'asked' | 'offered' | 'whole' | 'half'
  sum: Money
}

/** Sums that are often meant: what is asked for, what was offered, all of it, half of it. */
export function suggestions(item: Case, most: Money | null): Suggestion[] {
  const whole = most ?? item.refundable
  const half = { ...whole, amount: Math.floor(whole.amount / 2) }
  const all: [Suggestion['key'], Money | null | undefined][] = [
    ['asked', item.requested.amount],
    ['offered', item.offer?.amount],
    ['whole', whole],
    ['half', half],
  ]
  const taken = new Set<number>()
  return all.flatMap(([key, sum]) => {
    if (!sum || sum.amount <= 0 || sum.amount > whole.amount || taken.has(sum.amount)) return []
    taken.add(sum.amount)
    return [{ key, sum }]
  })
}

/** The words of what was chosen in a field. */
export function chosenLabel(
  fields: readonly CaseField[],
  name: string,
  values: Values,
): string | null {
  const choices = fields.find((field) => field.name === name)?.choices ?? []
  return choices.find(({ key }) => key === values[name])?.label ?? null
}
