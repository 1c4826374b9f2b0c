/** Working hours as they are edited: pure, so that a mistake is found before anybody waits. */

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]
/** Wall times; an end that is not after its start is on the next day. */
export type Span = [from: string, to: string]
export type Spans = Record<string, Span[]>

const DAY = 24 * 60
const WEEK = 7 * DAY

function minutes(time: string): number {
  if (time === '24:00') return DAY
  const [hour = Number.NaN, minute = Number.NaN] = time.split(':').map(Number)
  return hour * 60 + minute
}

export function overMidnight([from, to]: Span): boolean {
  return Boolean(from && to) && minutes(to) <= minutes(from)
}

/** How long an interval is, in minutes. */
export function lengthOf(span: Span): number {
  const [from, to] = span.map(minutes) as [number, number]
  return overMidnight(span) ? to + DAY - from : to - from
}

/** Working hours of a whole week, in minutes. */
export function total(week: Spans): number {
  return DAYS.flatMap((day) => week[day] ?? []).reduce((sum, span) => sum + lengthOf(span), 0)
}

export type Trouble = { day: string; what: 'incomplete' | 'overlap' }

/** What is wrong: a time that is missing, or two intervals at once, over midnight and Sunday too. */
export function troubles(week: Spans): Trouble[] {
  const found: Trouble[] = []
  const taken: { day: string; from: number; to: number }[] = []
  DAYS.forEach((day, index) => {
    for (const span of week[day] ?? []) {
      if (!span[0] || !span[1]) {
        found.push({ day, what: 'incomplete' })
        continue
      }
      const from = index * DAY + minutes(span[0])
      taken.push({ day, from, to: from + lengthOf(span) })
    }
  })
  taken.sort((a, b) => a.from - b.from)
  const [first] = taken
  const round = first ? [...taken, { ...first, from: first.from + WEEK }] : []
  for (let at = 1; at < round.length; at++) {
    const before = round[at - 1]!
    if (taken.length > 1 && round[at]!.from < before.to)
      found.push({ day: before.day, what: 'overlap' })
  }
  return found
}

export function withSpans(week: Spans, day: string, spans: Span[]): Spans {
  const { [day]: _, ...rest } = week
  return spans.length ? { ...rest, [day]: spans } : rest
}

/** The hours of one day on every working day. */
export function onWorkingDays(week: Spans, from: Day): Spans {
  return DAYS.slice(0, 5).reduce<Spans>(
    (all, day) =>
      withSpans(
        all,
        day,
        (week[from] ?? []).map((span): Span => [...span]),
      ),
    week,
  )
}
