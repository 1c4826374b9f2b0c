import { computed, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import type { CaseRow } from '../core/cases.ts'
import type { Page } from '../core/types.ts'
import type { List, Order } from './routes.ts'

export type { CaseRow }

const PAGE = 50
/** How often an open page asks again, in ms; coming back to it asks at once. */
const AGAIN_MS = 30_000

export interface Shown {
  list: List
  order: Order
  items: CaseRow[]
  next: string | null
  /** Null until the first answer. */
  at: number | null
  failed: boolean
}

/** The cases of a seller's stores. What was read stays while it is asked for again. */
export class WorkList {
  readonly shown = signal<Shown>(empty('open', 'due'))
  readonly busy = signal(false)
  /** What waits for the seller first, whatever else is in the list. */
  readonly yours = computed(() => this.shown.value.items.filter((row) => row.yours))
  readonly others = computed(() => this.shown.value.items.filter((row) => !row.yours))
  private asked = 0

  constructor(private readonly api: Api) {}

  /** Show another list, or the same one afresh. */
  async show(list: List, order: Order): Promise<void> {
    const before = this.shown.peek()
    if (before.list !== list || before.order !== order) this.shown.value = empty(list, order)
    await this.refresh()
  }

  /** Ask again for all that is shown. A late answer to an earlier question is dropped. */
  async refresh(): Promise<void> {
    const mine = ++this.asked
    const { list, order, items } = this.shown.peek()
    try {
      const found: CaseRow[] = []
      let next: string | null = null
      do {
        const page: Page<CaseRow> = await this.ask(list, order, next)
        found.push(...page.items)
        next = page.next
      } while (next && found.length < items.length)
      if (mine === this.asked)
        this.shown.value = { list, order, items: found, next, at: Date.now(), failed: false }
    } catch {
      if (mine === this.asked) this.shown.value = { ...this.shown.peek(), failed: true }
    }
  }

  async more(): Promise<void> {
    const before = this.shown.peek()
    if (!before.next || this.busy.peek()) return
    const mine = ++this.asked
    this.busy.value = true
    try {
      const page = await this.ask(before.list, before.order, before.next)
      const known = new Set(before.items.map((row) => row.id))
      const fresh = page.items.filter((row) => !known.has(row.id))
      if (mine === this.asked)
        this.shown.value = { ...before, items: [...before.items, ...fresh], next: page.next }
    } catch {
      if (mine === this.asked) this.shown.value = { ...before, failed: true }
    } finally {
      this.busy.value = false
    }
  }

  /** Stay fresh while somebody looks. Returns what ends it. */
  keepFresh(): () => void {
    const look = () => {
      if (document.visibilityState === 'visible') void this.refresh()
    }
    const timer = setInterval(look, AGAIN_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }

  private ask(state: List, order_by: Order, cursor: string | null): Promise<Page<CaseRow>> {
    return this.api.get('/api/v1/cases', { query: { state, order_by, cursor, limit: PAGE } })
  }
}

function empty(list: List, order: Order): Shown {
  return { list, order, items: [], next: null, at: null, failed: false }
}
