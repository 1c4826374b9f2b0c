import type { Account } from './types.ts'

export const STEPS = ['guide', 'assistant', 'help_page', 'operator'] as const
export type StepName = (typeof STEPS)[number]

/** What became of a contact, in the order of the bar. */
export const OUTCOMES = ['solved', 'not_solved', 'recontacted', 'abandoned', 'open'] as const
export type OutcomeName = (typeof OUTCOMES)[number]
export type Counts = Record<OutcomeName | 'asked', number>

export interface Line extends Counts {
  question: Account['question']
  language: string
}

export interface Filter {
  step: StepName | null
  language: string | null
}

function none(): Counts {
  return { asked: 0, solved: 0, not_solved: 0, recontacted: 0, abandoned: 0, open: 0 }
}

function add(to: Counts, more: Counts): void {
  to.asked += more.asked
  for (const name of OUTCOMES) to[name] += more[name]
}

function fits(row: Account, { step, language }: Filter): boolean {
  return (!step || row.step === step) && (!language || row.language === language)
}

/** One line for each question and language, most asked first. */
export function lines(rows: readonly Account[], filter: Filter): Line[] {
  const found = new Map<string, Line>()
  for (const row of rows.filter((one) => fits(one, filter))) {
    const key = `${row.question?.key ?? ''} ${row.language}`
    const line = found.get(key) ?? { ...none(), question: row.question, language: row.language }
    add(line, row)
    found.set(key, line)
  }
  return [...found.values()].sort((a, b) => b.asked - a.asked)
}

/** All of it, by step. */
export function bySteps(rows: readonly Account[], filter: Filter): [StepName, Counts][] {
  return STEPS.map((step): [StepName, Counts] => {
    const sum = none()
    for (const row of rows) if (row.step === step && fits(row, filter)) add(sum, row)
    return [step, sum]
  }).filter(([, sum]) => sum.asked > 0)
}

export function total(rows: readonly Account[], filter: Filter): Counts {
  const sum = none()
  for (const row of rows) if (fits(row, filter)) add(sum, row)
  return sum
}

/** The share of an outcome among those that are known, or null where nothing is known yet. */
export function share(counts: Counts, name: OutcomeName): number | null {
  const known = counts.asked - counts.open
  return known ? counts[name] / known : null
}

export function languagesOf(rows: readonly Account[]): string[] {
  return [...new Set(rows.map((row) => row.language))].sort()
}
