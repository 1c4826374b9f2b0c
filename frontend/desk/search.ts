import { computed, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import type { AuthorParty, Conversation } from '../core/types.ts'
import { type Filters, SEARCH_FILTERS, writeFilters } from './filters.ts'
import type { DeskPlace } from './routes.ts'

export interface Hit {
  conversation: Conversation
  message_id: string
  seq: number
  at: string
  author_party: AuthorParty
  snippet: { text: string; hit: boolean }[]
}

interface HitPage {
  items: Hit[]
  next: string | null
}

export interface Found {
  hits: Hit[]
  next: string | null
  /** Nothing has been asked yet, it is being asked, it was answered, it failed. */
  phase: 'idle' | 'busy' | 'done' | 'failed'
}

const URL = '/api/v1/desk/search'
const NOTHING: Found = { hits: [], next: null, phase: 'idle' }

/** Search over all messages. What is asked stands in the address; the answer is kept beside it. */
export class Search {
  readonly filters = signal<Filters>({})
  readonly found = signal<Found>(NOTHING)
  /** The hit that is open. */
  readonly chosen = signal<string | null>(null)
  private running: AbortController | null = null
  private asked: string | null = null

  constructor(
    private readonly api: Api,
    private readonly go: (place: DeskPlace, replace?: boolean) => void,
  ) {}

  /** A question without words finds nothing: the filters narrow words down. */
  readonly empty = computed(() => !this.filters.value.q)

  /** The place of the desk that shows this. Asking the same again is no new question. */
  show(filters: Filters): void {
    this.filters.value = filters
    const question = writeFilters(filters, SEARCH_FILTERS).toString()
    if (question === this.asked) return
    this.asked = question
    this.running?.abort()
    if (!filters.q) this.found.value = NOTHING
    else void this.ask(null)
  }

  again(): void {
    this.asked = null
    this.show(this.filters.peek())
  }

  more(): void {
    const { next, phase } = this.found.peek()
    if (next && phase === 'done') void this.ask(next)
  }

  /** Open a hit in its conversation, at that message. */
  open(hit: Hit, replace = false): void {
    this.chosen.value = hit.message_id
    this.go(this.placeOf(hit), replace)
  }

  placeOf(hit: Hit): DeskPlace {
    const filters = this.filters.peek()
    return { app: 'desk', view: 'search', id: hit.conversation.id, filters, at: hit.seq }
  }

  move(step: 1 | -1): void {
    const { hits } = this.found.peek()
    const at = hits.findIndex((hit) => hit.message_id === this.chosen.peek())
    const hit = at < 0 ? hits[0] : hits[at + step]
    if (hit) this.open(hit, at >= 0)
  }

  private async ask(cursor: string | null): Promise<void> {
    const running = new AbortController()
    this.running = running
    const before = this.found.peek()
    this.found.value = { ...before, phase: 'busy' }
    const filters = Object.fromEntries(writeFilters(this.filters.peek(), SEARCH_FILTERS))
    try {
      const query = { ...filters, cursor }
      const page = await this.api.get<HitPage>(URL, { query, signal: running.signal })
      const hits = cursor ? [...before.hits, ...page.items] : page.items
      this.found.value = { hits, next: page.next, phase: 'done' }
    } catch (error) {
      if ((error as Error).name === 'AbortError') return
      this.asked = null
      this.found.value = { ...before, phase: 'failed' }
    }
  }
}
