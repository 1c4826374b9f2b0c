import { language } from '../../core/i18n.ts'
import { dated } from '../../core/moment.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type Urgency = 'calm' | 'soon' | 'late'

/** How near a deadline is: within a day is soon, afterwards is late. `from` in ms. */
export function urgency(at: string, from: number): Urgency {
  const left = Date.parse(at) - from
  if (left <= 0) return 'late'
  return left <= DAY ? 'soon' : 'calm'
}

/** "in 3 days", "in 5 hours", "2 hours ago": whole units that have not begun to run out. */
export function left(at: string, from: number, locale = language.value): string {
  const distance = Date.parse(at) - from
  const size = Math.abs(distance)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' })
  const in_ = (unit: number, name: Intl.RelativeTimeFormatUnit) =>
    format.format(Math.trunc(distance / unit), name)
  if (size < HOUR) return in_(MINUTE, 'minute')
  // Two days are said in hours until they are two days: nobody is told a day too many.
  return size < 2 * DAY ? in_(HOUR, 'hour') : in_(DAY, 'day')
}

/** "Friday, 27 November, 18:00" in the reader's own zone; the year where it is another one. */
export function dueText(at: string, from: number, locale = language.value): string {
  const sameYear = new Date(at).getFullYear() === new Date(from).getFullYear()
  return dated(at, locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  })
}

/** "27 Nov, 18:00": where there is little room. */
export function dueShort(at: string, locale = language.value): string {
  return dated(at, locale, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
}

/** The reader's own zone, as people call it: "Central European Standard Time". */
export function zoneName(at: string, locale = language.value): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'long' }).formatToParts(
    new Date(at),
  )
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? ''
}
