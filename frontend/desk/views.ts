import { signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { uuid4 } from '../core/ids.ts'
import { type Filters, LIST_FILTERS, readFilters, writeFilters } from './filters.ts'
import { path, VIEWS, type View } from './routes.ts'
import type { SavedView } from './types.ts'

const URL = '/api/v1/desk/views'
const ONE = '/api/v1/desk/views/{id}'

/** Lists with a name: one's own, and those that colleagues share. */
export class Views {
  readonly all = signal<SavedView[]>([])
  readonly failed = signal(false)

  constructor(private readonly api: Api) {}

  async load(): Promise<void> {
    try {
      this.all.value = inOrder(await this.api.get<SavedView[]>(URL))
      this.failed.value = false
    } catch {
      this.failed.value = true
    }
  }

  /** Throws `ApiProblem`. */
  async save(name: string, view: View, filters: Filters, shared: boolean): Promise<SavedView> {
    const query = { view, ...Object.fromEntries(writeFilters(filters, LIST_FILTERS)) }
    const saved = await this.api.post<SavedView>(URL, { id: uuid4(), name, query, shared })
    this.keep(saved)
    return saved
  }

  /** Another name, or another audience. Throws `ApiProblem`. */
  async change(view: SavedView, more: Partial<Pick<SavedView, 'name' | 'shared'>>): Promise<void> {
    const { id, name, query, shared } = { ...view, ...more }
    const body = { id, name, query, shared }
    this.keep(await this.api.put<SavedView>(ONE, body, { path: { id } }))
  }

  async remove(view: SavedView): Promise<void> {
    await this.api.delete(ONE, { path: { id: view.id } })
    this.all.value = this.all.peek().filter(({ id }) => id !== view.id)
  }

  private keep(saved: SavedView): void {
    this.all.value = inOrder([...this.all.peek().filter(({ id }) => id !== saved.id), saved])
  }
}

function inOrder(views: SavedView[]): SavedView[] {
  return [...views].sort((a, b) => Number(b.own) - Number(a.own) || a.name.localeCompare(b.name))
}

/** The place that a saved list is. */
export function placeOf({ query }: SavedView): { view: View; filters: Filters } {
  const view = VIEWS.find((name) => name === query.view) ?? 'all'
  return { view, filters: readFilters(new URLSearchParams(query), LIST_FILTERS) }
}

/** The saved list that is on the screen, if it is one. */
export function savedAs(all: readonly SavedView[], view: View, filters: Filters) {
  const address = (place: { view: View; filters: Filters }) =>
    path({ app: 'desk', id: null, ...place })
  const here = address({ view, filters })
  return all.find((saved) => address(placeOf(saved)) === here)
}
