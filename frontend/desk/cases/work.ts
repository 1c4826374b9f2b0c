import { signal } from '@preact/signals'
import { type CaseRow, Cases, type DeskPage } from '../../core/cases.ts'
import type { Person } from '../../core/types.ts'
import { api, csrfToken } from '../session.ts'
import { type CaseFilters, FIRST, queryOf, writeCaseFilters } from './filters.ts'

const LIMIT = 50

/** What the server has and one signed-in operator looks at: a list of cases. */
export class WorkList {
  readonly rows = signal<readonly CaseRow[] | null>(null)
  readonly next = signal<string | null>(null)
  readonly counts = signal<DeskPage['counts'] | null>(null)
  readonly failed = signal(false)
  readonly loadingMore = signal(false)
  readonly filters = signal<CaseFilters>(FIRST)
  private shown: string | null = null
  private turn = 0

  constructor(readonly client: Pick<Cases, 'desk'>) {}

  /** Another list, or the same one once more. What is there stays until the answer comes. */
  async show(filters: CaseFilters): Promise<void> {
    const name = writeCaseFilters(filters).toString()
    if (name !== this.shown) this.rows.value = null
    this.shown = name
    this.filters.value = filters
    await this.refresh()
  }

  async refresh(): Promise<void> {
    const mine = ++this.turn
    // As many as are on the screen: somebody who has scrolled stays where they are.
    const limit = Math.min(100, Math.max(LIMIT, this.rows.peek()?.length ?? 0))
    try {
      const page = await this.client.desk({ ...queryOf(this.filters.peek()), limit })
      if (mine !== this.turn) return
      this.keep(page)
      this.rows.value = page.items
    } catch {
      if (mine === this.turn) this.failed.value = true
    }
  }

  async more(): Promise<void> {
    const cursor = this.next.peek()
    if (!cursor || this.loadingMore.peek()) return
    const mine = this.turn
    this.loadingMore.value = true
    try {
      const page = await this.client.desk({
        ...queryOf(this.filters.peek()),
        cursor,
        limit: LIMIT,
      })
      if (mine !== this.turn) return
      this.keep(page)
      const known = new Set(this.rows.peek()?.map(({ id }) => id))
      const fresh = page.items.filter(({ id }) => !known.has(id))
      this.rows.value = [...(this.rows.peek() ?? []), ...fresh]
    } catch {
      if (mine === this.turn) this.failed.value = true
    } finally {
      this.loadingMore.value = false
    }
  }

  /** The case `step` places from `id` in the list; the first one where `id` is not in it. */
  neighbour(id: string | null, step: 1 | -1): CaseRow | null {
    const rows = this.rows.peek() ?? []
    const at = rows.findIndex((row) => row.id === id)
    return (at < 0 ? rows[0] : rows[at + step]) ?? null
  }

  private keep({ next, counts }: DeskPage): void {
    this.next.value = next
    this.counts.value = counts
    this.failed.value = false
  }
}

export const client = new Cases(api, async () => ({ csrf: csrfToken() }))

let kept: { person: string; work: WorkList } | null = null

/** The list as it was left, so that coming back from a case draws at once; nobody else's. */
export function workOf({ id }: Pick<Person, 'id'>): WorkList {
  if (kept?.person !== id) kept = { person: id, work: new WorkList(client) }
  return kept.work
}
