import { language } from '../core/i18n.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long something lasts already: "4 min", "1 hr 12 min", "2 days". At least a minute. */
export function elapsed(ms: number, locale = language.value): string {
  const unit = (value: number, name: 'minute' | 'hour' | 'day') =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  if (ms < HOUR) return unit(Math.max(1, Math.floor(ms / MINUTE)), 'minute')
  if (ms >= DAY) return unit(Math.floor(ms / DAY), 'day')
  const minutes = Math.floor((ms % HOUR) / MINUTE)
  const hours = unit(Math.floor(ms / HOUR), 'hour')
  return minutes ? `${hours} ${unit(minutes, 'minute')}` : hours
}

/** Whole days from one moment to a later one; 0 when it has not passed. */
export function daysSince(at: string, now: number): number {
  return Math.max(0, Math.ceil((now - Date.parse(at)) / DAY))
}
