const PREFIX = 'amparo.looked.'
const MOST = 300

/** How far this person has read each conversation, in this browser: what is new gets a line. */
export class Looked {
  private readonly key: string

  constructor(
    person: string,
    private readonly store: Storage = localStorage,
  ) {
    this.key = PREFIX + person
  }

  /** The number up to which it was read; null where it was never opened here. */
  get(conversation: string): number | null {
    return this.all()[conversation] ?? null
  }

  /** Reading goes forward only; the conversations not read for longest are forgotten. */
  set(conversation: string, seq: number): void {
    const { [conversation]: before = 0, ...others } = this.all()
    if (seq <= before) return
    const kept = Object.entries(others).slice(-(MOST - 1))
    try {
      const next = Object.fromEntries([...kept, [conversation, seq]])
      this.store.setItem(this.key, JSON.stringify(next))
    } catch {
      // Only a line in a thread would be missing.
    }
  }

  private all(): Record<string, number> {
    try {
      const found = JSON.parse(this.store.getItem(this.key) ?? '{}')
      return typeof found === 'object' && found !== null ? found : {}
    } catch {
      return {}
    }
  }
}
