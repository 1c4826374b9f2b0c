import { expect, it } from 'vitest'
import { daysSince, elapsed } from './elapsed.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

it.each([
  [5_000, '1 min'],
  [4 * MINUTE, '4 min'],
  [72 * MINUTE, '1 hr 12 min'],
  [2 * HOUR, '2 hr'],
  [50 * HOUR, '2 days'],
])('%s ms is %s', (ms, text) => {
  expect(elapsed(ms, 'en')).toBe(text)
})

it('counts a begun day as late, and nothing before the deadline', () => {
  const now = Date.parse('2026-03-10T12:00:00Z')
  expect(daysSince('2026-03-10T11:00:00Z', now)).toBe(1)
  expect(daysSince('2026-03-07T12:00:00Z', now)).toBe(3)
  expect(daysSince('2026-03-11T12:00:00Z', now)).toBe(0)
})
