import { language } from './i18n.ts'

export function clock(at: string, locale = language.value): string {
  return new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(
    Date.parse(at),
  )
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
  return new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(Date.parse(at))
}
