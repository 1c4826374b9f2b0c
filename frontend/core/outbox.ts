import { signal } from '@preact/signals'
import type { Store } from './storage.ts'
import type { Post } from './types.ts'

/** A message of ours that no event has confirmed yet. */
export interface OutboxEntry extends Post {
  at: string
  acked?: boolean | undefined
  /** Refused: it stays until its author decides. */
  failed?:
    | {
        status: number
        code: string
        title: string
        detail: string | null
        params?: Record<string, unknown>
      }
    | undefined
  /** "Not now": sent again by itself at `until` (ms). */
  held?: { until: number; title: string; detail: string | null } | undefined
}

/** Where the outbox survives a reload, and perhaps the end of its tab. */
export interface Keeper {
  all(): OutboxEntry[]
  put(entry: OutboxEntry): void
  remove(clientId: string): void
  /** Whether this tab also sends what others wrote and left. */
  readonly leading: boolean
  /** Calls `changed` when another tab wrote something, or when it is this one's turn to lead. */
  watch?(changed: () => void): void
  stop?(): void
}

/** In a store of this tab alone. */
export function inStore(store: Store): Keeper {
  const all = () => store.get<OutboxEntry[]>('outbox') ?? []
  const others = (id: string) => all().filter(({ client_id }) => client_id !== id)
  return {
    all,
    put: (entry) => store.set('outbox', [...others(entry.client_id), entry]),
    remove: (id) => store.set('outbox', others(id)),
    leading: true,
  }
}

/**
 * Messages on their way, kept across reloads. They are sent again under the same `client_id`, and
 * the server answers a repeated one with its first result: nothing lost, nothing doubled.
 */
export class Outbox {
  readonly entries = signal<readonly OutboxEntry[]>([])
  /** What this tab wrote itself; the rest is sent by the tab that leads. */
  private readonly own = new Set<string>()

  constructor(private readonly keeper: Keeper) {
    this.take()
  }

  /** Take part in what other tabs do; `changed` is called after it. */
  watch(changed: () => void): void {
    this.keeper.watch?.(() => {
      this.take()
      changed()
    })
  }

  stop(): void {
    this.keeper.stop?.()
  }

  add(post: Post, at: string): void {
    // In order, also where two are written in the same millisecond, or the clock was set back.
    const last = this.entries.value.at(-1)?.at ?? ''
    const later = at > last ? at : new Date(Date.parse(last) + 1).toISOString()
    this.own.add(post.client_id)
    this.put({ ...post, at: later })
  }

  /**
   * To send now, in the order written: neither acknowledged nor refused. What has to wait keeps
   * back what was written after it in the same conversation.
   */
  unsent(now = Date.now()): OutboxEntry[] {
    const waiting = new Set<string>()
    return this.entries.value.filter((entry) => {
      if (entry.acked || entry.failed) return false
      if (entry.held && entry.held.until > now) waiting.add(entry.conversation)
      if (waiting.has(entry.conversation)) return false
      return this.own.has(entry.client_id) || this.keeper.leading
    })
  }

  find(clientId: string): OutboxEntry | undefined {
    return this.entries.value.find((entry) => entry.client_id === clientId)
  }

  acked(clientId: string): void {
    this.patch(clientId, { acked: true, failed: undefined, held: undefined })
  }

  failed(clientId: string, failed: OutboxEntry['failed']): void {
    this.patch(clientId, { failed, held: undefined })
  }

  hold(clientId: string, held: OutboxEntry['held']): void {
    this.patch(clientId, { held })
  }

  /** Send again what was refused, perhaps knowing more (`after`). */
  retry(clientId: string, more: Partial<Post> = {}): void {
    this.own.add(clientId)
    this.patch(clientId, { ...more, failed: undefined, held: undefined })
  }

  /** Its event arrived, or its author gave it up. */
  remove(clientId: string): void {
    if (!this.find(clientId)) return
    this.entries.value = this.entries.value.filter((entry) => entry.client_id !== clientId)
    this.keeper.remove(clientId)
  }

  clear(): void {
    for (const { client_id } of this.entries.value) this.keeper.remove(client_id)
    this.entries.value = []
  }

  private patch(clientId: string, patch: Partial<OutboxEntry>): void {
    const entry = this.find(clientId)
    if (entry) this.put({ ...entry, ...patch })
  }

  private put(entry: OutboxEntry): void {
    const { value } = this.entries
    const known = value.some(({ client_id }) => client_id === entry.client_id)
    this.entries.value = known
      ? value.map((one) => (one.client_id === entry.client_id ? entry : one))
      : [...value, entry]
    this.keeper.put(entry)
  }

  /** What is kept, with what this tab knows of its own messages. */
  private take(): void {
    const mine = this.entries.value.filter(({ client_id }) => this.own.has(client_id))
    const ids = new Set(mine.map(({ client_id }) => client_id))
    const others = this.keeper.all().filter(({ client_id, acked }) => !acked && !ids.has(client_id))
    const all = [...mine, ...others]
    this.entries.value = all.sort((one, other) => (one.at < other.at ? -1 : 1))
  }
}
