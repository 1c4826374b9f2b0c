import { language } from './i18n.ts'

const made = new Map<string, Intl.DateTimeFormat>()

/** `at` in words. Making a format costs as much as drawing a message, so each is made once. */
export function dated(at: string, locale: string, form: Intl.DateTimeFormatOptions): string {
  const key = locale + JSON.stringify(form)
  const format = made.get(key) ?? new Intl.DateTimeFormat(locale, form)
  made.set(key, format)
  return format.format(Date.parse(at))
}

export function clock(at: string, locale = language.value): string {
  return dated(at, locale, { hour: '2-digit', minute: '2-digit' })
}

/** The reader's own calendar day, for day separators: "2026-03-01". */
export function dayKey(at: string): string {
  const day = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`
}

/** "at 07:00" today, "Mon 07:00" on another day, in the reader's own zone. */
export function moment(at: string, from = Date.now(), locale = language.value): string {
  if (dayKey(at) === dayKey(new Date(from).toISOString())) return clock(at, locale)
  return dated(at, locale, { weekday: 'short', hour: '2-digit', minute: '2-digit' })
}
