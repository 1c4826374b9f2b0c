import { signal } from '@preact/signals'
import type { Store } from './storage.ts'
import type { Post } from './types.ts'

/** A message of ours that no event has confirmed yet. */
export interface OutboxEntry extends Post {
  at: string
  acked?: boolean
  failed?: { status: number; code: string; title: string; detail: string | null }
}

/**
 * Messages on their way, kept across reloads. They are sent again under the same `client_id`, and
 * the server answers a repeated one with its first result: nothing lost, nothing doubled.
 */
export class Outbox {
  readonly entries = signal<readonly OutboxEntry[]>([])

  constructor(private readonly store: Store) {
    const kept = store.get<OutboxEntry[]>('outbox') ?? []
    this.entries.value = kept.filter((entry) => !entry.acked)
  }

  add(post: Post, at: string): void {
    this.change([...this.entries.value, { ...post, at }])
  }

  /** To send now: not acknowledged and not refused, in the order written. */
  unsent(): OutboxEntry[] {
    return this.entries.value.filter((entry) => !entry.acked && !entry.failed)
  }

  find(clientId: string): OutboxEntry | undefined {
    return this.entries.value.find((entry) => entry.client_id === clientId)
  }

  acked(clientId: string): void {
    this.patch(clientId, { acked: true, failed: undefined })
  }

  failed(clientId: string, failed: OutboxEntry['failed']): void {
    this.patch(clientId, { failed })
  }

  retry(clientId: string): void {
    this.patch(clientId, { failed: undefined })
  }

  /** Its event arrived, or its author gave it up. */
  remove(clientId: string): void {
    if (this.find(clientId))
      this.change(this.entries.value.filter((entry) => entry.client_id !== clientId))
  }

  clear(): void {
    this.change([])
  }

  private patch(clientId: string, patch: Partial<OutboxEntry>): void {
    this.change(
      this.entries.value.map((entry) =>
        entry.client_id === clientId ? { ...entry, ...patch } : entry,
      ),
    )
  }

  private change(entries: OutboxEntry[]): void {
    this.entries.value = entries
    this.store.set('outbox', entries)
  }
}
