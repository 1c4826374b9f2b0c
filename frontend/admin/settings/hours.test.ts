import { describe, expect, it } from 'vitest'
import { lengthOf, onWorkingDays, overMidnight, type Spans, total, troubles } from './hours.ts'

it.each([
  [['09:00', '18:00'], false, 540],
  [['07:00', '01:00'], true, 1080],
  [['22:00', '22:00'], true, 1440],
  [['00:00', '24:00'], false, 1440],
] as const)('%j goes over midnight: %s, and lasts %s minutes', (span, over, length) => {
  expect(overMidnight([...span])).toBe(over)
  expect(lengthOf([...span])).toBe(length)
})

describe('what is wrong with a week', () => {
  it.each<[Spans, unknown]>([
    [
      {
        mon: [
          ['09:00', '13:00'],
          ['14:00', '18:00'],
        ],
      },
      [],
    ],
    [
      {
        mon: [
          ['09:00', '13:00'],
          ['13:00', '18:00'],
        ],
      },
      [],
    ],
    [
      {
        mon: [
          ['09:00', '14:00'],
          ['13:00', '18:00'],
        ],
      },
      [{ day: 'mon', what: 'overlap' }],
    ],
    [{ mon: [['20:00', '02:00']], tue: [['01:00', '09:00']] }, [{ day: 'mon', what: 'overlap' }]],
    [{ sun: [['20:00', '02:00']], mon: [['01:00', '09:00']] }, [{ day: 'sun', what: 'overlap' }]],
    [{ fri: [['09:00', '']] }, [{ day: 'fri', what: 'incomplete' }]],
    [{ wed: [['07:00', '01:00']] }, []],
    [{}, []],
  ])('%j: %j', (week, found) => {
    expect(troubles(week)).toEqual(found)
  })
})

it('Monday on every working day, the weekend as it was', () => {
  const week = onWorkingDays({ mon: [['09:00', '17:00']], sat: [['10:00', '12:00']] }, 'mon')
  expect(total(week)).toBe(5 * 480 + 120)
  expect(week.sun).toBeUndefined()
})
