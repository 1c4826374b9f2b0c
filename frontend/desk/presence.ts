import { signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { coalesced } from './inbox.ts'

export const PRESENCES = ['by_hand', 'available', 'paused', 'off'] as const
export type PresenceState = (typeof PRESENCES)[number]

export interface MyPresence {
  state: PresenceState
  capacity: number
  load: number
  ends_at: string | null
  languages: string[]
  skills: string[]
  teams: string[]
}

const URL = '/api/v1/desk/presence'
/** Hints come with every change of the queue; how one is here changes seldom. */
const PAUSE_MS = 3000

/** Whether this operator gets conversations, on every device of theirs. */
export class Presence {
  readonly mine = signal<MyPresence | null>(null)
  readonly busy = signal(false)

  constructor(private readonly api: Api) {}

  /** Something changed: maybe here, maybe on another device. */
  readonly hint = coalesced(() => this.load(), PAUSE_MS)

  /** Throws `ApiProblem`; what was shown before is shown again then. */
  async set(state: PresenceState, endsAt: string | null): Promise<void> {
    const before = this.mine.peek()
    if (before) this.mine.value = { ...before, state, ends_at: endsAt }
    this.busy.value = true
    try {
      this.mine.value = await this.api.put<MyPresence>(URL, { state, ends_at: endsAt })
    } catch (error) {
      this.mine.value = before
      throw error
    } finally {
      this.busy.value = false
    }
  }

  private async load(): Promise<void> {
    if (this.busy.peek()) return
    try {
      const found = await this.api.get<MyPresence>(URL)
      if (!this.busy.peek()) this.mine.value = found
    } catch {
      // The pill keeps what it knew: the connection says for itself that it is gone.
    }
  }
}

/** The next moment at which a clock on the wall shows `time` ("18:30"), after `now`. */
export function nextAt(time: string, now: number): string | null {
  const [hour, minute] = time.split(':').map(Number)
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return null
  const at = new Date(now)
  at.setHours(hour, minute, 0, 0)
  if (at.getTime() <= now) at.setDate(at.getDate() + 1)
  return at.toISOString()
}
