const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
// A Monday, to ask Intl for the names of the days.
const MONDAY = Date.UTC(2024, 0, 1)
const DAY = 24 * 3600 * 1000

type Week = Record<string, readonly (readonly [string, string])[]>

/** "Mon–Fri 07:00–01:00": days with the same hours together, closed days left out. */
export function weekInWords(week: Week, locale: string): string[] {
  const lines: string[] = []
  let from = 0
  for (let day = 1; day <= DAYS.length; day++) {
    if (day < DAYS.length && hours(week, day) === hours(week, from)) continue
    if (hours(week, from)) lines.push(`${span(from, day - 1, locale)} ${hours(week, from)}`)
    from = day
  }
  return lines
}

function hours(week: Week, day: number): string {
  const intervals = week[DAYS[day]!] ?? []
  return intervals.map(([start, end]) => `${start}–${end}`).join(', ')
}

function span(from: number, to: number, locale: string): string {
  return from === to ? name(from, locale) : `${name(from, locale)}–${name(to, locale)}`
}

function name(day: number, locale: string): string {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  return format.format(MONDAY + day * DAY)
}
