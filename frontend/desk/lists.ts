import { computed, type Signal, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import type { DeskCounts, Page } from '../core/types.ts'
import { coalesced, EMPTY, failed, filtered, fresh, further, type List, without } from './inbox.ts'
import type { View } from './routes.ts'
import type { InboxRow } from './types.ts'

const PAGE = 40
const LONGEST = 100
const PAUSE_MS = 400

/** The lists of the inbox. A hint of the socket makes the one on the screen be fetched again. */
export class Lists {
  readonly view = signal<View>('waiting')
  readonly query = signal('')
  readonly counts = signal<DeskCounts | null>(null)
  readonly loadingMore = signal(false)
  /** Conversations that are being resolved: out of the lists, unless it is undone. */
  readonly hidden = signal<ReadonlySet<string>>(new Set())
  private readonly lists: Record<View, Signal<List>> = {
    waiting: signal(EMPTY),
    mine: signal(EMPTY),
    all: signal(EMPTY),
    resolved: signal(EMPTY),
  }
  private stale = false

  constructor(
    private readonly api: Api,
    private readonly clock: () => number = Date.now,
  ) {}

  readonly list = computed(() => this.lists[this.view.value].value)
  readonly rows = computed(() => {
    const hidden = this.hidden.value
    const rows = this.list.value.rows.filter((row) => !hidden.has(row.id))
    return filtered(rows, this.query.value)
  })

  show(view: View): void {
    if (this.view.peek() === view && this.list.peek().at !== null) return
    this.view.value = view
    this.query.value = ''
    this.refresh()
  }

  /** The row of a conversation in any list known here. */
  find(id: string): InboxRow | undefined {
    for (const list of Object.values(this.lists)) {
      const row = list.peek().rows.find((candidate) => candidate.id === id)
      if (row) return row
    }
    return undefined
  }

  remove(id: string, view: View): void {
    this.lists[view].value = without(this.lists[view].peek(), id)
  }

  hide(id: string, hide: boolean): void {
    const next = new Set(this.hidden.peek())
    if (hide) next.add(id)
    else next.delete(id)
    this.hidden.value = next
  }

  /** Fetch the shown list again, soon. A hidden tab waits until somebody looks at it. */
  readonly refresh = coalesced(() => this.fetch(), PAUSE_MS)

  hint(): void {
    if (globalThis.document?.hidden) this.stale = true
    else this.refresh()
  }

  looked(): void {
    if (this.stale) this.refresh()
    this.stale = false
  }

  async more(): Promise<void> {
    const target = this.lists[this.view.peek()]
    const cursor = target.peek().next
    if (!cursor || this.loadingMore.peek()) return
    this.loadingMore.value = true
    try {
      target.value = further(target.peek(), await this.page(this.view.peek(), PAGE, cursor))
    } catch {
      target.value = failed(target.peek())
    } finally {
      this.loadingMore.value = false
    }
  }

  private async fetch(): Promise<void> {
    const view = this.view.peek()
    const target = this.lists[view]
    // As many as are on the screen, so that a refresh does not make the list jump.
    const limit = Math.min(LONGEST, Math.max(PAGE, target.peek().rows.length))
    try {
      const [page, counts] = await Promise.all([
        this.page(view, limit),
        this.api.get<DeskCounts>('/api/v1/desk/counts'),
      ])
      target.value = fresh(page, this.clock())
      this.counts.value = counts
    } catch {
      target.value = failed(target.peek())
    }
  }

  private page(view: View, limit: number, cursor?: string): Promise<Page<InboxRow>> {
    return this.api.get('/api/v1/desk/inbox', { query: { view, limit, cursor } })
  }
}
