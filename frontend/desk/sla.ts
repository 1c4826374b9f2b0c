import type { Clock } from './thread-types.ts'

const MINUTE = 60_000
/** From here on a promise is said without being asked for. */
const NEAR = 15 * MINUTE

export type Due =
  | { state: 'breached'; ms: number }
  | { state: 'near'; ms: number }
  | { state: 'far'; ms: number }
  | { state: 'paused' }

/** How a promise stands at `now`; `ms` is the time left, or the time since it was broken. */
export function due(clock: Clock | null | undefined, now: number): Due | null {
  if (!clock) return null
  if (clock.paused) return { state: 'paused' }
  if (!clock.due_at) return null
  const left = Date.parse(clock.due_at) - now
  if (clock.breached || left <= 0) return { state: 'breached', ms: Math.max(0, -left) }
  return { state: left <= NEAR ? 'near' : 'far', ms: left }
}

/** Whether a row says it: quiet until it is near, unless the list is about what is due. */
export function isLoud(found: Due, listed: boolean): boolean {
  return listed || found.state === 'breached' || found.state === 'near'
}
