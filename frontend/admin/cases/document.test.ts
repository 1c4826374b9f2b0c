import { describe, expect, it } from 'vitest'
import {
  bumped,
  changes,
  type Document,
  nextVersion,
  parsed,
  read,
  span,
  valueAt,
  values,
  withValue,
  written,
} from './document.ts'
import { inOrder } from './words.ts'

const POLICY: Document = {
  version: '2026.1',
  deadlines: { seller: '5d', check: '2bd' },
  reminders: { at: [50, 90], channels: ['panel', 'mail'] },
  limits: { counters: 3 },
  reasons: { not_received: { deadlines: { seller: '3bd' } } },
}

describe('a policy as values at paths', () => {
  it('has every value once', () => {
    expect(values(POLICY).map(({ path }) => path.join('.'))).toEqual([
      'version',
      'deadlines.seller',
      'deadlines.check',
      'reminders.at',
      'reminders.channels',
      'limits.counters',
      'reasons.not_received.deadlines.seller',
    ])
  })

  it('changes one value and leaves the first document as it was', () => {
    const path = ['reasons', 'not_received', 'deadlines', 'seller']
    const next = withValue(POLICY, path, '4bd')
    expect(valueAt(next, path)).toBe('4bd')
    expect(valueAt(POLICY, path)).toBe('3bd')
    expect(changes(POLICY, next)).toEqual([{ path, before: '3bd', after: '4bd' }])
  })

  it('tells what came and what went', () => {
    const { limits: _, ...without } = POLICY
    const next = withValue(without, ['caps', 'EUR'], 100)
    expect(changes(POLICY, next)).toEqual([
      { path: ['caps', 'EUR'], before: undefined, after: 100 },
      { path: ['limits', 'counters'], before: 3, after: undefined },
    ])
  })

  it('says nothing changed where nothing did', () => {
    expect(changes(POLICY, parsed(JSON.stringify(POLICY)))).toEqual([])
  })
})

describe('what is written in a field', () => {
  it.each([
    ['4d', '5d', '4d'],
    [' 3bd ', '5d', '3bd'],
    ['soon', '5d', null],
    ['', '5d', null],
    ['12', 3, 12],
    ['-1', 3, null],
    ['1.5', 3, null],
    ['', 3, null],
    ['40, 80', [50, 90], [40, 80]],
    ['40, x', [50, 90], null],
    ['mail', ['panel', 'mail'], ['mail']],
    ['', [], []],
    ['hold', 'pay_first', 'hold'],
  ])('%j where %j stood is %j', (text, like, value) => {
    expect(read(text, like)).toEqual(value)
  })

  it('reads back what it wrote', () => {
    for (const { value } of values(POLICY)) expect(read(written(value), value)).toEqual(value)
  })
})

it('puts values in the order in which a case meets them', () => {
  const path = (...parts: string[]) => ({ path: parts, value: 1 })
  const found = inOrder([
    path('deadlines', 'hold'),
    path('deadlines', 'unheard_of'),
    path('deadlines', 'check'),
    path('deadlines', 'seller'),
  ])
  expect(found.map(({ path: [, key] }) => key)).toEqual(['check', 'seller', 'hold', 'unheard_of'])
  const caps = inOrder([path('caps', 'pay_first', 'EUR'), path('caps', 'automatic', 'USD')])
  expect(caps.map(({ path: [, key] }) => key)).toEqual(['automatic', 'pay_first'])
})

it('knows lengths of time', () => {
  expect(span('3bd')).toEqual({ n: 3, unit: 'bd' })
  expect(span('48h')).toEqual({ n: 48, unit: 'h' })
  expect(span('grant')).toBeNull()
})

it.each([
  ['2026.1', '2026.2'],
  ['7', '8'],
  ['spring', 'spring.1'],
])('after %s comes %s', (one, next) => {
  expect(nextVersion(one)).toBe(next)
})

it('gives a changed document a version of its own, and takes one that was given', () => {
  const path = ['limits', 'counters']
  const changed = withValue(POLICY, path, 4)
  expect(bumped(POLICY, changed).version).toBe('2026.2')
  expect(bumped(POLICY, withValue(changed, ['version'], 'mine')).version).toBe('mine')
  expect(bumped(POLICY, POLICY)).toBe(POLICY)
})

it.each(['', '[]', '3', 'null', '{'])('%j is no document', (text) => {
  expect(() => parsed(text)).toThrow()
})
