import { describe, expect, it } from 'vitest'
import type { Case, CaseField, CaseRow, DeskPage, DeskQuery } from '../../core/cases.ts'
import { wordsOf } from './compare.tsx'
import { fieldsFor, suggestions } from './decision.ts'
import { FIRST, readCaseFilters, withCaseFilter, writeCaseFilters } from './filters.ts'
import { answer, answered, perform } from './registry.ts'
import { WorkList } from './work.ts'

const COUNTS = { due: 2, mine: 0, unassigned: 1, appeals: 0, alarms: 0 }

function page(ids: string[], next: string | null = null): DeskPage {
  return { items: ids.map((id) => ({ id }) as CaseRow), next, counts: COUNTS }
}

/** A server that answers when the test says so. */
function served() {
  const asked: { query: DeskQuery; answer: (page: DeskPage) => void; fail: () => void }[] = []
  const client = {
    desk: (query: DeskQuery = {}) =>
      new Promise<DeskPage>((resolve, reject) => {
        asked.push({ query, answer: resolve, fail: () => reject(new Error('gone')) })
      }),
  }
  return { asked, work: new WorkList(client) }
}

const ids = (work: WorkList) => work.rows.value?.map(({ id }) => id) ?? null

describe('the work list', () => {
  it('shows what was asked last, whatever answers last', async () => {
    const { asked, work } = served()
    const one = work.show(FIRST)
    const two = work.show({ ...FIRST, list: 'mine' })
    asked[1]!.answer(page(['b']))
    await two
    asked[0]!.answer(page(['a']))
    await one
    expect(ids(work)).toEqual(['b'])
  })

  it('keeps what is on the screen while the same list is read again, and when that fails', async () => {
    const { asked, work } = served()
    const one = work.show(FIRST)
    asked[0]!.answer(page(['a', 'b']))
    await one
    const again = work.refresh()
    expect(ids(work)).toEqual(['a', 'b'])
    asked[1]!.fail()
    await again
    expect(ids(work)).toEqual(['a', 'b'])
    expect(work.failed.value).toBe(true)
  })

  it('draws no row twice when a page moved between two answers', async () => {
    const { asked, work } = served()
    const one = work.show(FIRST)
    asked[0]!.answer(page(['a', 'b'], 'after-b'))
    await one
    const more = work.more()
    expect(asked[1]!.query.cursor).toBe('after-b')
    asked[1]!.answer(page(['b', 'c']))
    await more
    expect(ids(work)).toEqual(['a', 'b', 'c'])
    expect(work.next.value).toBeNull()
  })

  it('knows the neighbours of a case, and begins where it is not in the list', async () => {
    const { asked, work } = served()
    const one = work.show(FIRST)
    asked[0]!.answer(page(['a', 'b']))
    await one
    expect(work.neighbour('a', 1)?.id).toBe('b')
    expect(work.neighbour('b', 1)).toBeNull()
    expect(work.neighbour('x', 1)?.id).toBe('a')
  })
})

describe('the address of a list', () => {
  it('leaves out what goes without saying', () => {
    expect(writeCaseFilters(FIRST).toString()).toBe('')
  })

  it('takes no value that is none of ours', () => {
    const search = new URLSearchParams('list=<script>&order_by=1&reason=x&stage=closed&q=%20%20')
    expect(readCaseFilters(search)).toEqual({ ...FIRST, stage: 'closed' })
  })

  it('loses a filter that is set to nothing', () => {
    const narrowed = withCaseFilter(FIRST, 'reason', 'warranty')
    expect(narrowed.reason).toBe('warranty')
    expect(withCaseFilter(narrowed, 'reason', '')).toEqual(FIRST)
  })
})

const EUR = (amount: number) => ({ amount, currency: 'EUR' })
const SUM = { name: 'amount', kind: 'amount' } as CaseField
const REMEDY = { name: 'remedy', kind: 'choice' } as CaseField

describe('the form of a decision', () => {
  it('asks for no sum where the remedy has none', () => {
    expect(fieldsFor([REMEDY, SUM], { remedy: 'none' })).toEqual([REMEDY])
    expect(fieldsFor([REMEDY, SUM], { remedy: 'part_refund' })).toEqual([REMEDY, SUM])
    expect(fieldsFor([REMEDY, SUM], {})).toEqual([REMEDY, SUM])
  })

  it('suggests each sum once and none above what is possible', () => {
    const item = {
      requested: { amount: EUR(5000) },
      offer: { amount: EUR(2000) },
      refundable: EUR(4000),
    } as Case
    const found = suggestions(item, null).map(({ key, sum }) => [key, sum.amount])
    expect(found).toEqual([
      ['offered', 2000],
      ['whole', 4000],
    ])
  })
})

it('what a side wrote is told in its order, and once', () => {
  const step = (no: number, party: string, text: string | null) => ({ no, by: { party }, text })
  const item = {
    timeline: [step(3, 'buyer', 'Shown'), step(2, 'buyer', 'Two'), step(1, 'buyer', 'One')].concat([
      step(4, 'seller', 'No'),
      step(5, 'buyer', null),
    ]),
    evidence: [{ party: 'buyer', text: 'Shown' }],
  } as unknown as Case
  expect(wordsOf(item, 'buyer').map(({ text }) => text)).toEqual(['One', 'Two'])
  expect(wordsOf(item, 'seller').map(({ text }) => text)).toEqual(['No'])
})

it('a key is answered by the page that came last, and by nobody after it has gone', () => {
  const done: string[] = []
  const end = answer('take', { run: () => done.push('list') })
  const gone = answer('take', { run: () => done.push('case') })
  perform('take')
  gone()
  end()
  perform('take')
  expect(done).toEqual(['case'])
  expect(answered('take')).toBe(false)
})
