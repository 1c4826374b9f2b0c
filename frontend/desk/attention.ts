import { computed, effect, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import type { Page } from '../core/types.ts'
import { buyerName, coalesced, waitsForUs } from './inbox.ts'
import type { Lists } from './lists.ts'
import type { InboxRow } from './types.ts'

const PAUSE_MS = 2000
const MOST = 100
const SAVED = 'amparo.desk.attention.'

export interface Wishes {
  sound: boolean
  notify: boolean
}

const NO: Wishes = { sound: false, notify: false }

export interface Caller {
  ring: () => void
  notify: (title: string, body: string, id: string) => void
}

/**
 * What waits for this operator wherever they look: conversations of theirs with a word that is not
 * answered, and mentions. Sound and notifications are off until they are asked for.
 */
export class Attention {
  private readonly mine = signal<InboxRow[]>([])
  readonly wishes = signal<Wishes>(NO)
  private known: Map<string, string> | null = null

  constructor(
    private readonly person: string,
    private readonly api: Api,
    private readonly lists: Pick<Lists, 'counts'>,
    private readonly caller: Caller,
  ) {
    this.wishes.value = this.read()
  }

  /** The number in the title. */
  readonly count = computed(
    () => this.mine.value.filter(calls).length + (this.lists.counts.value?.mentions ?? 0),
  )

  /** Follow the hints. Returns a function that ends it. */
  start(): () => void {
    return effect(() => {
      if (this.lists.counts.value) this.look()
    })
  }

  wish(more: Partial<Wishes>): void {
    this.wishes.value = { ...this.wishes.peek(), ...more }
    try {
      localStorage.setItem(SAVED + this.person, JSON.stringify(this.wishes.peek()))
    } catch {
      // Without storage the wish lasts until the page is loaded again.
    }
  }

  private readonly look = coalesced(async () => {
    try {
      const query = { view: 'mine', limit: MOST }
      const page = await this.api.get<Page<InboxRow>>('/api/v1/desk/inbox', { query })
      this.came(page.items ?? [])
    } catch {
      // The next hint looks again.
    }
  }, PAUSE_MS)

  private came(rows: InboxRow[]): void {
    this.mine.value = rows
    const calling = new Map(rows.filter(calls).map((row) => [row.id, row.last_message?.at ?? '']))
    const news = rows.filter((row) => {
      const at = calling.get(row.id)
      return at !== undefined && this.known !== null && this.known.get(row.id) !== at
    })
    this.known = calling
    if (news.length) this.call(news)
  }

  private call(news: InboxRow[]): void {
    const { sound, notify } = this.wishes.peek()
    if (sound) this.caller.ring()
    if (!notify || !globalThis.document?.hidden) return
    for (const row of news.slice(0, 3))
      this.caller.notify(buyerName(row), row.last_message?.body.slice(0, 120) ?? '', row.id)
  }

  private read(): Wishes {
    try {
      const kept = JSON.parse(localStorage.getItem(SAVED + this.person) ?? '{}')
      return { sound: kept.sound === true, notify: kept.notify === true }
    } catch {
      return NO
    }
  }
}

/** The buyer wrote last, and no operator has read it yet. */
function calls(row: InboxRow): boolean {
  return waitsForUs(row) && row.unread > 0
}
