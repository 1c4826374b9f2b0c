import { expect, it } from 'vitest'
import { due, isLoud } from './sla.ts'
import type { Clock } from './thread-types.ts'

const now = Date.parse('2026-03-02T10:00:00Z')
const clock = (more: Partial<Clock>): Clock => ({
  kind: 'first_response',
  due_at: null,
  paused: false,
  breached: false,
  ...more,
})

it.each([
  ['2026-03-02T12:00:00Z', 'far', 7_200_000, false],
  ['2026-03-02T10:15:00Z', 'near', 900_000, true],
  ['2026-03-02T10:00:00Z', 'breached', 0, true],
  ['2026-03-02T09:54:00Z', 'breached', 360_000, true],
])('a promise for %s is %s', (due_at, state, ms, loud) => {
  const found = due(clock({ due_at }), now)
  expect(found).toEqual({ state, ms })
  expect(isLoud(found!, false)).toBe(loud)
  expect(isLoud(found!, true)).toBe(true)
})

it('a clock that stands still never sounds late, whatever its time was', () => {
  const found = due(clock({ due_at: '2026-03-01T10:00:00Z', paused: true }), now)
  expect(found).toEqual({ state: 'paused' })
  expect(isLoud(found!, false)).toBe(false)
})

it('nothing was promised', () => {
  expect(due(null, now)).toBeNull()
  expect(due(clock({}), now)).toBeNull()
})
