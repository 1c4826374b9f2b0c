import { computed, type Signal, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import type { DeskCounts, Page } from '../core/types.ts'
import { type Filters, LIST_FILTERS, writeFilters } from './filters.ts'
import {
  arrivals,
  coalesced,
  EMPTY,
  failed,
  fresh,
  further,
  headed,
  inPlace,
  type List,
  without,
} from './inbox.ts'
import type { View } from './routes.ts'
import type { InboxRow } from './types.ts'

const PAGE = 40
const LONGEST = 100
const PAUSE_MS = 400
/** Lists that are kept for going back to them. */
const KEPT = 12

interface Place {
  view: View
  filters: Filters
}

/** The lists of the inbox. A hint of the socket makes the one on the screen be fetched again. */
export class Lists {
  private readonly place = signal<Place>({ view: 'waiting', filters: {} })
  readonly view = computed(() => this.place.value.view)
  readonly filters = computed(() => this.place.value.filters)
  readonly counts = signal<DeskCounts | null>(null)
  readonly loadingMore = signal(false)
  /** Conversations that are being resolved: out of the lists, unless it is undone. */
  readonly hidden = signal<ReadonlySet<string>>(new Set())
  /** Somebody points at a row: it stays where it is until they point elsewhere. */
  readonly held = signal(false)
  /** What came meanwhile. */
  private readonly waiting = signal<{ key: string; list: List } | null>(null)
  private readonly lists = new Map<string, Signal<List>>()
  private stale = false

  constructor(
    private readonly api: Api,
    private readonly clock: () => number = Date.now,
  ) {}

  private readonly key = computed(() => keyOf(this.place.value))
  readonly list = computed(() => this.at(this.key.value).value)
  readonly rows = computed(() => {
    const hidden = this.hidden.value
    const { rows } = this.list.value
    return hidden.size ? rows.filter((row) => !hidden.has(row.id)) : rows
  })
  /** How many rows wait to be shown because somebody points at the list. */
  readonly arrived = computed(() => {
    const waiting = this.waiting.value
    return waiting?.key === this.key.value ? arrivals(this.list.value, waiting.list) : 0
  })

  show(view: View, filters: Filters = {}): void {
    const wanted = keyOf({ view, filters })
    if (this.key.peek() === wanted && this.list.peek().at !== null) return
    this.place.value = { view, filters }
    this.waiting.value = null
    this.refresh()
  }

  /** The row of a conversation in any list known here. */
  find(id: string): InboxRow | undefined {
    for (const list of this.lists.values()) {
      const row = list.peek().rows.find((candidate) => candidate.id === id)
      if (row) return row
    }
    return undefined
  }

  /** Every row known here, each once: what the palette finds by name. */
  known(): InboxRow[] {
    const rows = new Map<string, InboxRow>()
    for (const list of this.lists.values())
      for (const row of list.peek().rows) rows.set(row.id, row)
    return [...rows.values()]
  }

  /** Out of every list of this view, however it is narrowed. */
  remove(id: string, view: View): void {
    for (const [key, list] of this.lists)
      if (key.startsWith(`${view}?`)) list.value = without(list.peek(), id)
  }

  hide(id: string, hide: boolean): void {
    const next = new Set(this.hidden.peek())
    if (hide) next.add(id)
    else next.delete(id)
    this.hidden.value = next
  }

  hold(held: boolean): void {
    this.held.value = held
    if (!held) this.letIn()
  }

  /** Show what waited. */
  letIn(): void {
    const waiting = this.waiting.peek()
    this.waiting.value = null
    if (waiting) this.at(waiting.key).value = waiting.list
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
    const place = this.place.peek()
    const target = this.at(keyOf(place))
    const cursor = target.peek().next
    if (!cursor || this.loadingMore.peek()) return
    this.letIn()
    this.loadingMore.value = true
    try {
      target.value = further(target.peek(), await this.page(place, PAGE, cursor))
    } catch {
      target.value = failed(target.peek())
    } finally {
      this.loadingMore.value = false
    }
  }

  private async fetch(): Promise<void> {
    const place = this.place.peek()
    const key = keyOf(place)
    const target = this.at(key)
    // As many as are on the screen, so that a refresh does not make the list jump.
    const limit = Math.min(LONGEST, Math.max(PAGE, target.peek().rows.length))
    try {
      const [page, counts] = await Promise.all([
        this.page(place, limit),
        this.api.get<DeskCounts>('/api/v1/desk/counts'),
      ])
      this.came(key, headed(target.peek(), fresh(page, this.clock())))
      this.counts.value = counts
    } catch {
      target.value = failed(target.peek())
    }
  }

  private came(key: string, list: List): void {
    const target = this.at(key)
    const shown = target.peek()
    const hold = this.held.peek() && key === this.key.peek() && shown.at !== null
    this.waiting.value = hold ? { key, list } : null
    target.value = hold ? inPlace(shown, list) : list
  }

  private page(place: Place, limit: number, cursor?: string): Promise<Page<InboxRow>> {
    const query = { view: place.view, limit, cursor, ...place.filters }
    return this.api.get('/api/v1/desk/inbox', { query })
  }

  private at(key: string): Signal<List> {
    const known = this.lists.get(key)
    if (known) return known
    const list = signal(EMPTY)
    this.lists.set(key, list)
    for (const old of [...this.lists.keys()].slice(0, -KEPT))
      if (old !== this.key.peek()) this.lists.delete(old)
    return list
  }
}

function keyOf({ view, filters }: Place): string {
  return `${view}?${writeFilters(filters, LIST_FILTERS)}`
}
