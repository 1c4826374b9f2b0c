import { describe, expect, it } from 'vitest'
import {
  AUTHORS,
  CHANNELS,
  type FilterName,
  type Filters,
  ORDERS,
  readFilters,
  STATES,
  withFilter,
} from './filters.ts'
import { type DeskPlace, filtersOf, parse, path, type Shown, VIEWS } from './routes.ts'

/** Numbers that look random and are the same in every run. */
function dice(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * below)
  }
}

const WORDS = ['late', 'a&b=c', 'возврат', '50 % off?', '#1', 'x/y', ' é ', '"q"', '+', '日本']
const ID = '0190aaaa-0000-7000-8000-000000000001'

const values: Record<FilterName, readonly string[]> = {
  team: ['en', 'es_returns'],
  topic: ['orders', 'returns'],
  language: ['en', 'pt-BR', 'zh'],
  channel: CHANNELS,
  state: STATES,
  author: AUTHORS,
  order: ORDERS,
  tag: WORDS,
  operator: ['me', 'none', ID],
  q: WORDS,
  from: ['2026-01-31', '2024-02-29'],
  to: ['2026-12-01'],
}

function place(roll: (below: number) => number): DeskPlace {
  const view: Shown = roll(4) === 0 ? 'search' : VIEWS[roll(VIEWS.length)]!
  const found: DeskPlace = { app: 'desk', view, id: roll(2) ? ID : null }
  let filters: Filters = {}
  for (const name of filtersOf(view))
    if (roll(2)) filters = withFilter(filters, name, values[name][roll(values[name].length)]!)
  if (Object.keys(filters).length) found.filters = filters
  if (found.id && roll(3) === 0) found.at = 1 + roll(1000)
  return found
}

describe('a list in the address', () => {
  it('comes back as it was, whatever it is narrowed by', () => {
    const roll = dice(4)
    for (let n = 0; n < 2000; n++) {
      const before = place(roll)
      expect(parse(path(before))).toEqual(before)
    }
  })

  it('has one address, however it was put together', () => {
    const there: Filters = { tag: 'late', team: 'en' }
    const back: Filters = { team: 'en', tag: 'late' }
    const at = (filters: Filters) => path({ app: 'desk', view: 'all', id: null, filters })
    expect(at(there)).toBe(at(back))
  })

  it.each([
    'team=a%20b',
    'team=a/b',
    'language=english_uk',
    'channel=fax',
    'order=best',
    'operator=marta',
    'tag=%20',
    `tag=${'x'.repeat(65)}`,
    'q=late', // belongs to a search
    'at=3', // there is no conversation
  ])('takes no notice of %s', (search) => {
    expect(parse(`/desk/all?${search}`)).toEqual({ app: 'desk', view: 'all', id: null })
  })

  it.each(['2026-02-30', '2026-1-1', 'yesterday', '2026-13-01'])('%s is no day', (day) => {
    expect(readFilters(new URLSearchParams({ from: day }), ['from'])).toEqual({})
  })

  it('loses a filter that is set to nothing', () => {
    expect(withFilter({ tag: 'late', team: 'en' }, 'tag', '')).toEqual({ team: 'en' })
  })
})
