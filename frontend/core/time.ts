import { signal } from '@preact/signals'
import { language } from './i18n.ts'
import { dated } from './moment.ts'

export { clock, dayKey, moment } from './moment.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The present, in ms, moved on every half minute once `startClock` was called. */
export const now = signal(Date.now())

/** Keep relative times fresh. Returns a function that stops the clock. */
export function startClock(): () => void {
  const timer = setInterval(() => {
    now.value = Date.now()
  }, MINUTE / 2)
  return () => clearInterval(timer)
}

/** "5 min. ago", "yesterday", then the date. */
export function relative(at: string, from = now.value, locale = language.value): string {
  const past = from - Date.parse(at)
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
  const distance = Math.abs(past)
  if (distance < MINUTE) return format.format(0, 'second')
  if (distance < HOUR) return format.format(-Math.trunc(past / MINUTE), 'minute')
  if (distance < DAY) return format.format(-Math.trunc(past / HOUR), 'hour')
  if (distance < 7 * DAY) return format.format(-Math.round(past / DAY), 'day')
  return date(at, locale)
}

export function date(at: string, locale = language.value): string {
  return dated(at, locale, { day: 'numeric', month: 'short', year: 'numeric' })
}

/** Date and time to the minute: what a relative time shows on hover. */
export function exact(at: string, locale = language.value): string {
  return dated(at, locale, { dateStyle: 'medium', timeStyle: 'short' })
}

/** "Today", "Yesterday", or "Monday, 2 March". */
export function dayName(at: string, from = now.value, locale = language.value): string {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0)
  const days = Math.round((midnight(Date.parse(at)) - midnight(from)) / DAY)
  const name =
    days === 0 || days === -1
      ? new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
      : dated(at, locale, { weekday: 'long', day: 'numeric', month: 'long' })
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1)
}
