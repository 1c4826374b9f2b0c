import type { TeamHours } from './thread-types.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
/** When a day begins for a team whose hours are not known, or which never closes. */
const MORNING = '09:00'

export type SnoozeChoice = {
  key: 'hour' | 'later' | 'tomorrow' | 'next_day' | 'monday'
  at: number
}

interface Wall {
  year: number
  month: number
  day: number
  weekday: number
}

/** The calendar day of a moment in a time zone. */
function wallDay(at: number, zone: string | undefined): Wall {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
  }).formatToParts(at)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? ''
  const weekday = (DAYS as readonly string[]).indexOf(part('weekday').toLowerCase())
  return { year: +part('year'), month: +part('month'), day: +part('day'), weekday }
}

/** The moment (ms) of a wall time "HH:MM" on a day in a time zone, over changes of the clock too. */
export function atWall({ year, month, day }: Wall, time: string, zone?: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const wanted = Date.UTC(year, month - 1, day, hour, minute)
  let guess = wanted
  for (let round = 0; round < 2; round++) guess += wanted - shownAsUtc(guess, zone)
  return guess
}

function shownAsUtc(at: number, zone: string | undefined): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'))
}

/** When the team begins on the day `ahead` days from `now`; null where it does not work that day. */
function begins(now: number, ahead: number, hours: TeamHours | null): number | null {
  const zone = hours?.zone
  const today = wallDay(now, zone)
  // The middle of that day, whatever the clocks do on the way.
  const day = wallDay(atWall(today, '12:00', zone) + ahead * DAY, zone)
  if (!hours || hours.always) return atWall(day, MORNING, zone)
  const intervals = hours.week[DAYS[day.weekday]!] ?? []
  const first = intervals.map(([from]) => from).sort()[0]
  return first === undefined ? null : atWall(day, first, zone)
}

function firstDay(now: number, from: number, hours: TeamHours | null): number {
  for (let ahead = from; ahead < from + 7; ahead++) {
    const at = begins(now, ahead, hours)
    if (at !== null) return at
  }
  return now + from * DAY
}

/**
 * When to be reminded: in an hour, later today, when the team begins tomorrow (or on its next
 * working day), next Monday. In order, without two that mean the same moment.
 */
export function snoozeChoices(now: number, hours: TeamHours | null): SnoozeChoice[] {
  const zone = hours?.zone
  const untilMonday = (8 - wallDay(now, zone).weekday) % 7 || 7
  const later = now + 3 * HOUR
  const tomorrow = firstDay(now, 1, hours)
  const all: SnoozeChoice[] = [
    { key: 'hour', at: now + HOUR },
    ...(later < tomorrow ? [{ key: 'later' as const, at: later }] : []),
    { key: begins(now, 1, hours) === tomorrow ? 'tomorrow' : 'next_day', at: tomorrow },
    { key: 'monday', at: firstDay(now, untilMonday, hours) },
  ]
  return all.filter((one, index) => all.findIndex(({ at }) => at === one.at) === index)
}

/** "2026-03-02T09:30" in the browser's zone, for a field of date and time. */
export function localField(at: number): string {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** The moment of such a field; null where it says none or one that has passed. */
export function fromField(value: string, now: number): number | null {
  const at = new Date(value).getTime()
  return Number.isNaN(at) || at <= now ? null : at
}
