import { computed, signal } from '@preact/signals'

/** As many as the server changes at once. */
export const MOST = 100

/** The rows that were chosen to do something with all of them. */
export class Selection {
  readonly ids = signal<ReadonlySet<string>>(new Set())
  readonly size = computed(() => this.ids.value.size)
  /** The row that the keys stand on where that is not the open conversation. */
  readonly cursor = signal<string | null>(null)
  /** Where a range begins. */
  private anchor: string | null = null

  has(id: string): boolean {
    return this.ids.value.has(id)
  }

  /** False when there is no room for another one. */
  toggle(id: string): boolean {
    const next = new Set(this.ids.peek())
    if (!next.delete(id)) {
      if (next.size >= MOST) return false
      next.add(id)
    }
    this.ids.value = next
    this.anchor = id
    return true
  }

  /** Everything from where the last choice was to `id`, as `order` has it. */
  range(order: readonly string[], id: string): boolean {
    const from = order.indexOf(this.anchor ?? id)
    const to = order.indexOf(id)
    if (to < 0) return true
    const [first, last] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)]
    return this.add(order.slice(first, last + 1))
  }

  add(ids: readonly string[]): boolean {
    const all = [...new Set([...this.ids.peek(), ...ids])]
    this.ids.value = new Set(all.slice(0, MOST))
    return all.length <= MOST
  }

  /** A step of the keys that chooses what it passes. */
  extend(order: readonly string[], from: string | null, step: 1 | -1): boolean {
    const here = this.cursor.peek() ?? from
    const at = here === null ? -1 : order.indexOf(here)
    if (at < 0) {
      const [first] = order
      if (first === undefined) return true
      this.cursor.value = first
      this.anchor = first
      return this.add([first])
    }
    const next = order[at + step] ?? order[at]!
    this.anchor ??= order[at]!
    this.cursor.value = next
    return this.add([order[at]!, next])
  }

  /** Those that are gone from the list cannot be meant any more. */
  keep(order: readonly string[]): void {
    const there = new Set(order)
    const ids = [...this.ids.peek()].filter((id) => there.has(id))
    if (ids.length !== this.ids.peek().size) this.ids.value = new Set(ids)
    const cursor = this.cursor.peek()
    if (cursor !== null && !there.has(cursor)) this.cursor.value = null
  }

  clear(): void {
    this.ids.value = new Set()
    this.cursor.value = null
    this.anchor = null
  }
}
