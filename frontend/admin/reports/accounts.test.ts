import { expect, it } from 'vitest'
import { bySteps, languagesOf, lines, share, total } from './accounts.ts'
import type { Account } from './types.ts'

const all = { step: null, language: null }

function row(change: Partial<Account>): Account {
  return {
    question: { key: 'orders_late', title: 'My order is late' },
    language: 'en',
    step: 'guide',
    asked: 4,
    open: 1,
    solved: 2,
    not_solved: 1,
    recontacted: 0,
    abandoned: 0,
    ...change,
  }
}

const rows = [
  row({}),
  row({ step: 'assistant', asked: 6, solved: 1, not_solved: 4 }),
  row({ language: 'ru', asked: 1, open: 0, solved: 1, not_solved: 0 }),
  row({ question: null, step: 'assistant', asked: 3, open: 0, solved: 0, not_solved: 3 }),
]

it('adds the steps of one question in one language', () => {
  const found = lines(rows, all)
  expect(found.map(({ question, language, asked }) => [question?.key, language, asked])).toEqual([
    ['orders_late', 'en', 10],
    [undefined, 'en', 3],
    ['orders_late', 'ru', 1],
  ])
  expect(found[0]).toMatchObject({ solved: 3, not_solved: 5, open: 2 })
})

it('shows one step or one language where that was chosen', () => {
  expect(lines(rows, { step: 'guide', language: null })).toHaveLength(2)
  expect(lines(rows, { step: 'guide', language: 'ru' })).toHaveLength(1)
  expect(bySteps(rows, all).map(([step, sum]) => [step, sum.asked])).toEqual([
    ['guide', 5],
    ['assistant', 9],
  ])
})

it('loses nobody on the way to the total', () => {
  const sum = total(rows, all)
  expect(sum.asked).toBe(14)
  expect(sum.solved + sum.not_solved + sum.recontacted + sum.abandoned + sum.open).toBe(14)
})

it('says nothing of a share while nothing is known', () => {
  expect(share(row({ asked: 1, open: 1, solved: 0, not_solved: 0 }), 'solved')).toBeNull()
  expect(share(row({}), 'solved')).toBeCloseTo(2 / 3)
})

it('names each language once', () => {
  expect(languagesOf(rows)).toEqual(['en', 'ru'])
})
