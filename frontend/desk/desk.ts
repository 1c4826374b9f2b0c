import { computed, effect, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import type { Thread } from '../core/conversation.ts'
import { Live } from '../core/live.ts'
import { sessionStore } from '../core/storage.ts'
import type { Conversation, Person } from '../core/types.ts'
import { Attention } from './attention.ts'
import { notifier, ring } from './attention-view.ts'
import { Bulk } from './bulk.ts'
import { primary } from './compose.ts'
import { Drafts } from './drafts.ts'
import type { Filters } from './filters.ts'
import { neighbour } from './inbox.ts'
import { Keys } from './keymap.ts'
import { Known } from './known.ts'
import { Lists } from './lists.ts'
import { Looked } from './looked.ts'
import { Open } from './open.ts'
import { Presence } from './presence.ts'
import { type DeskPlace, go, route, type Shown } from './routes.ts'
import { Search } from './search.ts'
import { Selection } from './selection.ts'
import { Taking } from './taking.ts'
import { ThreadDeeds } from './thread-deeds.ts'
import { Undoable } from './undo.ts'
import { Views } from './views.ts'

/** Characters an operator may write at once; the server says the same. */
export const MESSAGE_LIMIT = 10_000
/** How long something can be undone, in ms: instead of asking "are you sure?". */
export const UNDO_MS = 5000
const KEPT_THREADS = 30

export type DialogName =
  | 'help'
  | 'palette'
  | 'remap'
  | 'save_view'
  | 'bulk_tag'
  | 'bulk_snooze'
  | 'bulk_transfer'
  | 'bulk_priority'
  | 'bulk_macro'

export interface DeskParts {
  api: Api
  person: Person
  csrf: () => string | null
  renew: () => Promise<boolean>
  live?: Live
}

/** Everything one signed-in operator has on the screen, and what they can do with it. */
export class Desk {
  readonly live: Live
  readonly lists: Lists
  readonly drafts: Drafts
  private readonly looked: Looked
  readonly open = signal<Open | null>(null)
  readonly undoable = new Undoable(UNDO_MS)
  /** The dialog over the desk. */
  readonly dialog = signal<DialogName | null>(null)
  readonly keys: Keys
  readonly attention: Attention
  readonly selection = new Selection()
  readonly search: Search
  readonly bulk: Bulk
  readonly views: Views
  readonly presence: Presence
  readonly known: Known
  readonly taking: Taking
  readonly thread: ThreadDeeds
  /** Conversations read before, so that going back to one draws at once. */
  private readonly threads = new Map<string, { thread: Thread; row: Conversation | null }>()
  private readonly endings: (() => void)[] = []
  private settling: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: DeskParts) {
    const { person } = parts
    this.keys = new Keys(person.id)
    this.drafts = new Drafts(person.id)
    this.drafts.prune()
    this.looked = new Looked(person.id)
    this.lists = new Lists(parts.api)
    this.attention = new Attention(person.id, parts.api, this.lists, {
      ring,
      notify: notifier((id) => this.goTo(id)),
    })
    this.search = new Search(parts.api, (place) => go(place))
    this.bulk = new Bulk(this, parts)
    this.views = new Views(parts.api)
    this.presence = new Presence(parts.api)
    this.known = new Known(parts.api)
    this.taking = new Taking(this, parts.api)
    this.thread = new ThreadDeeds(this, parts)
    this.live =
      parts.live ??
      new Live({
        // Per person: what one operator left unsent must never be sent by the next one.
        store: sessionStore(`amparo.desk.${person.id}.`),
        credentials: () => ({ token: null, csrf: parts.csrf() }),
        renew: parts.renew,
      })
  }

  readonly primary = computed(() =>
    primary(this.open.value?.standing.value ?? null, this.parts.person.id),
  )

  start(): void {
    this.live.start()
    this.live.watch()
    this.endings.push(
      effect(() => {
        const counts = this.live.counts.value
        if (!counts) return
        this.lists.counts.value = counts
        this.lists.hint()
        this.presence.hint()
      }),
      effect(() => {
        if (this.live.status.value !== 'online') return
        this.lists.hint()
        this.presence.hint()
      }),
    )
    this.endings.push(this.attention.start(), this.thread.start())
    const looked = () => !document.hidden && this.lists.looked()
    document.addEventListener('visibilitychange', looked)
    this.endings.push(() => document.removeEventListener('visibilitychange', looked))
  }

  stop(): void {
    this.undoable.flush()
    this.close()
    for (const end of this.endings.splice(0)) end()
    this.live.stop()
  }

  /** Make the screen show a place of the desk. */
  show({ view, id, filters = {} }: DeskPlace): void {
    if (view === 'search') this.search.show(filters)
    else this.lists.show(view ?? 'waiting', filters)
    if (this.open.peek()?.id === id) return
    this.close()
    if (!id) return
    this.undoable.finish(id)
    const kept = this.threads.get(id)
    const { api, person } = this.parts
    this.open.value = new Open(id, {
      api,
      live: this.live,
      drafts: this.drafts,
      looked: this.looked,
      me: person.id,
      row: this.lists.find(id) ?? kept?.row ?? undefined,
      thread: kept?.thread,
    })
  }

  private close(): void {
    const open = this.open.peek()
    if (!open) return
    this.threads.delete(open.id)
    this.threads.set(open.id, { thread: open.close(), row: open.conversation.peek() })
    for (const id of [...this.threads.keys()].slice(0, -KEPT_THREADS)) this.threads.delete(id)
    this.open.value = null
  }

  /** Another conversation beside the list that is there; another view is a list of its own. */
  goTo(id: string | null, view: Shown = shownNow(this), replace = false): void {
    const place = route.peek()
    const stays = place.app === 'desk' && (place.view ?? 'waiting') === view
    go({ app: 'desk', view, id, ...(stays && { filters: place.filters }) }, replace)
  }

  /** The same place with the list narrowed otherwise. */
  narrow(filters: Filters): void {
    const id = this.open.peek()?.id ?? null
    go({ app: 'desk', view: shownNow(this), id, filters })
  }

  move(step: 1 | -1): void {
    const current = this.open.peek()?.id ?? null
    if (shownNow(this) === 'search') return this.search.move(step)
    const row = neighbour(this.lists.rows.peek(), this.selection.cursor.peek() ?? current, step)
    if (!row) return
    this.selection.cursor.value = null
    this.goTo(row.id, undefined, current !== null)
  }

  // ---- undoing

  /** Take back what was done a moment ago. */
  undo(id = this.undoable.last()): void {
    if (id) this.undoable.takeBack(id)
  }

  /** `work` must have ended before the operator signs out. */
  before(work: Promise<unknown>): void {
    this.settling = Promise.all([this.settling, work])
  }

  /** Everything that can still be undone is done, and the server has heard of it. */
  async settle(): Promise<void> {
    this.undoable.flush()
    await this.settling
  }
}

function shownNow(desk: Desk): Shown {
  const place = route.peek()
  return place.app === 'desk' && place.view === 'search' ? 'search' : desk.lists.view.peek()
}
