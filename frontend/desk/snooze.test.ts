import { describe, expect, it } from 'vitest'
import { fromField, localField, snoozeChoices } from './snooze.ts'

const working = ['mon', 'tue', 'wed', 'thu', 'fri']
const office = {
  zone: 'Europe/Moscow',
  always: false,
  week: Object.fromEntries(working.map((day) => [day, [['10:00', '19:00']]])) as never,
}
const inWords = (now: string, hours: Parameters<typeof snoozeChoices>[1]) =>
  Object.fromEntries(
    snoozeChoices(Date.parse(now), hours).map(({ key, at }) => [key, new Date(at).toISOString()]),
  )

describe('when to be reminded', () => {
  it('is when the team begins, in its zone', () => {
    // A Tuesday, 13:00 in Moscow.
    expect(inWords('2026-03-03T10:00:00Z', office)).toEqual({
      hour: '2026-03-03T11:00:00.000Z',
      later: '2026-03-03T13:00:00.000Z',
      tomorrow: '2026-03-04T07:00:00.000Z',
      monday: '2026-03-09T07:00:00.000Z',
    })
  })

  it('skips days on which the team does not work, and says one moment once', () => {
    // A Friday: the next working day is Monday.
    expect(inWords('2026-03-06T10:00:00Z', office)).toEqual({
      hour: '2026-03-06T11:00:00.000Z',
      later: '2026-03-06T13:00:00.000Z',
      next_day: '2026-03-09T07:00:00.000Z',
    })
  })

  it('on a Monday means the next one', () => {
    expect(inWords('2026-03-02T08:00:00Z', office).monday).toBe('2026-03-09T07:00:00.000Z')
  })

  it('holds the wall clock over a change of time', () => {
    const madrid = { zone: 'Europe/Madrid', always: true, week: {} }
    // The clocks go forward on 29 March 2026: 09:00 is 08:00Z before and 07:00Z after.
    expect(inWords('2026-03-27T10:00:00Z', madrid)).toMatchObject({
      tomorrow: '2026-03-28T08:00:00.000Z',
      monday: '2026-03-30T07:00:00.000Z',
    })
  })

  it('counts the day of the team, not of the reader', () => {
    // 23:30Z on Tuesday is Wednesday in Moscow already.
    expect(inWords('2026-03-03T23:30:00Z', office).tomorrow).toBe('2026-03-05T07:00:00.000Z')
  })
})

describe('a date of one’s own', () => {
  const now = new Date(2026, 2, 3, 9, 5).getTime()

  it('is written and read in the browser’s zone', () => {
    expect(localField(now)).toBe('2026-03-03T09:05')
    expect(fromField('2026-03-03T09:06', now)).toBe(now + 60_000)
  })

  it.each(['', 'soon', '2026-03-03T09:05', '2020-01-01T00:00'])('%j is none', (value) => {
    expect(fromField(value, now)).toBeNull()
  })
})
