import type { Mode } from './compose.ts'

const PREFIX = 'amparo.draft.'
const KEEP_MS = 14 * 24 * 3600 * 1000

/** Unsent texts, kept in this browser per person, conversation and side (reply or note). */
export class Drafts {
  constructor(
    private readonly person: string,
    private readonly store: Storage = localStorage,
  ) {}

  private key(conversation: string, mode: Mode): string {
    return `${PREFIX}${this.person}.${conversation}.${mode}`
  }

  get(conversation: string, mode: Mode): string {
    const kept = read(this.store, this.key(conversation, mode))
    return kept?.text ?? ''
  }

  /** The number that the author of a kept reply knew of when it was begun; null = not known. */
  basis(conversation: string): number | null {
    return read(this.store, this.key(conversation, 'reply'))?.basis ?? null
  }

  /** Keep a text; an empty one is forgotten. A full or forbidden storage is not an error here. */
  set(
    conversation: string,
    mode: Mode,
    text: string,
    { basis, now = Date.now() }: { basis?: number | null; now?: number } = {},
  ): void {
    const key = this.key(conversation, mode)
    try {
      if (text.trim())
        this.store.setItem(key, JSON.stringify({ text, at: now, ...(basis != null && { basis }) }))
      else this.store.removeItem(key)
    } catch {
      // The text is still in the field; only a reload would lose it.
    }
  }

  has(conversation: string): boolean {
    return Boolean(this.get(conversation, 'reply') || this.get(conversation, 'note'))
  }

  /** Forget what nobody came back to within 14 days: drafts quote buyers. */
  prune(now = Date.now()): void {
    for (const key of Object.keys(this.store)) {
      if (!key.startsWith(PREFIX)) continue
      const kept = read(this.store, key)
      if (!kept || now - kept.at > KEEP_MS) this.store.removeItem(key)
    }
  }
}

function read(store: Storage, key: string): { text: string; at: number; basis?: number } | null {
  try {
    const kept = JSON.parse(store.getItem(key) ?? 'null')
    return typeof kept?.text === 'string' && typeof kept.at === 'number' ? kept : null
  } catch {
    return null
  }
}
