/** Promised times as they are edited. */

export interface Target {
  priority: number | null
  channel: string | null
  first_response_s: number | null
  next_response_s: number | null
  resolution_s: number | null
}

export const KINDS = ['first_response_s', 'next_response_s', 'resolution_s'] as const
export type Kind = (typeof KINDS)[number]

const MINUTE = 60
const HOUR = 3600
const LONGEST = 365 * 24 * HOUR

/** "1 h 30 min" is 90, "2 h" is "2h": short, and read back by `readTime`. */
export function writeTime(seconds: number | null): string {
  if (seconds === null) return ''
  const hours = Math.floor(seconds / HOUR)
  const minutes = Math.round((seconds % HOUR) / MINUTE)
  if (!hours) return `${minutes}m`
  return minutes ? `${hours}h ${minutes}m` : `${hours}h`
}

/**
 * Seconds of "90", "90m", "1h 30m", "1:30", in any of the three languages' letters. Null for
 * nothing; undefined where it is no time of at least a minute.
 */
export function readTime(text: string): number | null | undefined {
  const given = text.trim().toLowerCase()
  if (!given) return null
  const clock = /^(\d{1,4}):([0-5]\d)$/.exec(given)
  const words = /^(?:(\d{1,4})\s*(?:h|hr|ч)\.?)?\s*(?:(\d{1,6})\s*(?:m|min|м|мин)?\.?)?$/.exec(
    given,
  )
  const found = clock ?? words
  if (!found || (!found[1] && !found[2])) return undefined
  const seconds = Number(found[1] ?? 0) * HOUR + Number(found[2] ?? 0) * MINUTE
  return seconds >= MINUTE && seconds <= LONGEST ? seconds : undefined
}

/** The first two rows that promise for the same priority and channel; null when none do. */
export function twice(targets: readonly Target[]): Target | null {
  const seen = new Set<string>()
  for (const target of targets) {
    const key = `${target.priority}/${target.channel}`
    if (seen.has(key)) return target
    seen.add(key)
  }
  return null
}
