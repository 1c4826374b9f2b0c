import { describe, expect, it } from 'vitest'
import { dueText, left, urgency } from './until.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const HOUR = 3600_000
const later = (ms: number) => new Date(NOW + ms).toISOString()

describe('how long there is', () => {
  it.each([
    [30 * 60_000, 'in 30 minutes'],
    [5 * HOUR + 59 * 60_000, 'in 5 hours'],
    [47 * HOUR, 'in 47 hours'],
    [48 * HOUR, 'in 2 days'],
    [71 * HOUR, 'in 2 days'],
    [-2 * HOUR, '2 hours ago'],
  ])('%i', (ms, text) => {
    expect(left(later(ms), NOW, 'en')).toBe(text)
  })

  it('is never said to be more than it is', () => {
    for (let hours = 1; hours < 24 * 40; hours++) {
      const said = left(later(hours * HOUR), NOW, 'en')
      const [, number, unit] = /in (\d+) (hour|day)/.exec(said)!
      expect(Number(number) * (unit === 'day' ? 24 : 1)).toBeLessThanOrEqual(hours)
    }
  })

  it('is soon within a day, and late afterwards', () => {
    expect([25, 24, 1, 0, -1].map((hours) => urgency(later(hours * HOUR), NOW))).toEqual([
      'calm',
      'soon',
      'soon',
      'late',
      'late',
    ])
  })
})

it('a deadline is told with its day, its hour, and its year where it is another one', () => {
  expect(dueText('2026-03-05T12:00:00Z', NOW, 'en')).toMatch(/Thursday.*5.*:00/)
  expect(dueText('2026-03-05T12:00:00Z', NOW, 'en')).not.toContain('2026')
  expect(dueText('2027-03-05T12:00:00Z', NOW, 'en')).toContain('2027')
})
