import { computed, effect, signal } from '@preact/signals'
import { type Api, ApiProblem } from '../core/api.ts'
import type { Thread } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import { Live } from '../core/live.ts'
import { sessionStore } from '../core/storage.ts'
import type { Conversation, ConversationEvent, FileInfo, Person } from '../core/types.ts'
import { toast } from '../ui/toast.tsx'
import { type Mode, outgoing, primary } from './compose.ts'
import { Drafts } from './drafts.ts'
import { buyerName, inSentence, neighbour } from './inbox.ts'
import { Lists } from './lists.ts'
import { Open } from './open.ts'
import { basketFor } from './pictures.ts'
import { go, type Route, type View } from './routes.ts'
import { Undoable } from './undo.ts'

/** Characters an operator may write at once; the server says the same. */
export const MESSAGE_LIMIT = 10_000
const UNDO_MS = 5000
const KEPT_THREADS = 30

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
  readonly open = signal<Open | null>(null)
  readonly busy = signal<'take_next' | 'take' | 'release' | null>(null)
  readonly undoable = new Undoable(UNDO_MS)
  /** Counts up when a taken conversation was put on the screen: reading goes on there. */
  readonly arrived = signal(0)
  /** Conversations read before, so that going back to one draws at once. */
  private readonly threads = new Map<string, { thread: Thread; row: Conversation | null }>()
  private readonly endings: (() => void)[] = []
  private settling: Promise<unknown> = Promise.resolve()
  /** Kept until it is answered: a repeated click must not take two. */
  private nextId = uuid4()

  constructor(private readonly parts: DeskParts) {
    const { person } = parts
    this.drafts = new Drafts(person.id)
    this.drafts.prune()
    this.lists = new Lists(parts.api)
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
      }),
      effect(() => {
        if (this.live.status.value === 'online') this.lists.hint()
      }),
    )
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
  show({ view, id }: Extract<Route, { app: 'desk' }>): void {
    this.lists.show(view ?? 'waiting')
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

  goTo(id: string | null, view: View = this.lists.view.peek(), replace = false): void {
    go({ app: 'desk', view, id }, replace)
  }

  move(step: 1 | -1): void {
    const current = this.open.peek()?.id ?? null
    const row = neighbour(this.lists.rows.peek(), current, step)
    if (row) this.goTo(row.id, undefined, current !== null)
  }

  // ---- taking and giving back

  takeNext(): Promise<void> {
    return this.doing('take_next', async () => {
      const taken = await this.parts.api.post<Conversation | null>('/api/v1/desk/take-next', {
        id: this.nextId,
      })
      this.nextId = uuid4()
      if (!taken) return this.nobody()
      this.taken(taken)
    })
  }

  /** Nobody waits, or only people who are away or speak another language. */
  private nobody(): void {
    const some = (this.lists.counts.peek()?.waiting ?? 0) > 0
    toast(t(some ? 'desk.toast.none_present' : 'desk.toast.none_waiting'))
    this.lists.refresh()
  }

  take(): Promise<void> {
    const open = this.open.peek()
    if (open?.lock.peek() !== 'waiting') return Promise.resolve()
    return this.doing('take', async () => {
      try {
        const path = { id: open.id }
        const url = '/api/v1/desk/conversations/{id}/take'
        this.taken(await this.parts.api.post<Conversation>(url, {}, { path }))
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'already_taken') throw error
        toast(lostTo(error))
        void open.load()
        this.lists.refresh()
      }
    })
  }

  private taken(conversation: Conversation): void {
    const { id } = conversation
    this.lists.remove(id, 'waiting')
    this.goTo(id, 'mine')
    this.show({ app: 'desk', view: 'mine', id })
    const open = this.open.peek()
    open?.take(conversation)
    open?.choose(null)
    this.lists.refresh()
    this.arrived.value++
  }

  release(): Promise<void> {
    const open = this.open.peek()
    if (!open || open.lock.peek()) return Promise.resolve()
    return this.doing('release', async () => {
      const path = { id: open.id }
      await this.parts.api.post('/api/v1/desk/conversations/{id}/release', {}, { path })
      this.lists.remove(open.id, 'mine')
      toast(t('desk.toast.released'))
      this.goTo(null)
      this.lists.refresh()
    })
  }

  /** One of these at a time; a failure is said, never swallowed. */
  private async doing(what: 'take_next' | 'take' | 'release', work: () => Promise<void>) {
    if (this.busy.peek()) return
    this.busy.value = what
    try {
      await work()
    } catch (error) {
      toast(reason(error))
    } finally {
      this.busy.value = null
    }
  }

  // ---- resolving

  /** Resolve the open conversation: at once for the eye, for good when it can't be undone any more. */
  resolve(thenNext = false): void {
    const open = this.open.peek()
    const conversation = open?.conversation.peek()
    if (!open || !conversation || open.lock.peek()) return
    const { id } = open
    const name = inSentence(buyerName(conversation))
    const next =
      neighbour(this.lists.rows.peek(), id, 1) ?? neighbour(this.lists.rows.peek(), id, -1)
    // Followed until it is final: a word of the buyer in these seconds keeps it open.
    const unfollow = this.live.subscribe(id, open.followed.thread.peek().seq, {
      events: (events) => {
        if (events.some(byBuyer) && this.undoable.undo(id))
          toast(t('desk.toast.wrote_again', { name }))
      },
    })
    const dismiss = toast(
      t('desk.toast.resolving', { name }),
      { label: t('desk.action.undo'), run: () => this.undo(id) },
      UNDO_MS,
    )
    this.lists.hide(id, true)
    this.undoable.schedule({
      id,
      run: (leaving) => {
        unfollow()
        dismiss()
        this.settling = Promise.all([this.settling, this.resolveNow(id, leaving)])
      },
      undone: () => {
        unfollow()
        dismiss()
        this.lists.hide(id, false)
      },
    })
    if (thenNext) void this.takeNextAfter(id)
    else this.goTo(next && next.id !== id ? next.id : null)
  }

  /** Not resolved after all: back to it, as it was. */
  undo(id = this.undoable.last()): void {
    if (!id || !this.undoable.undo(id)) return
    toast(t('desk.toast.undone'))
    this.goTo(id)
  }

  /** Everything that can still be undone is done, and the server has heard of it. */
  async settle(): Promise<void> {
    this.undoable.flush()
    await this.settling
  }

  private async takeNextAfter(id: string): Promise<void> {
    this.goTo(null)
    await this.takeNext()
    this.lists.remove(id, 'mine')
  }

  private async resolveNow(id: string, leaving: boolean): Promise<void> {
    const url = '/api/v1/desk/conversations/{id}/resolve'
    try {
      if (leaving) return this.resolveLeaving(url.replace('{id}', id))
      await this.parts.api.post(url, { id: uuid4() }, { path: { id } })
      this.lists.remove(id, 'mine')
    } catch (error) {
      toast(reason(error))
    }
    this.lists.hide(id, false)
    this.lists.refresh()
  }

  /** The page is going away: only a request that outlives it arrives. */
  private resolveLeaving(url: string): void {
    void fetch(url, {
      method: 'POST',
      keepalive: true,
      credentials: 'same-origin',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.parts.csrf() ?? '' },
      body: JSON.stringify({ id: uuid4() }),
    })
  }

  // ---- writing

  /** Send what was written on `mode`. False when it may not leave; the text stays. */
  send(mode: Mode, files: FileInfo[] = [], open = this.open.peek()): boolean {
    if (!open) return false
    const { lock, texts } = open
    const out = outgoing(mode, lock.peek(), texts[mode].peek(), MESSAGE_LIMIT, files.length)
    if (!out) return false
    const post = { conversation: open.id, client_id: uuid4(), ...out }
    this.live.post(files.length ? { ...post, files } : post)
    open.texts[mode].value = ''
    return true
  }

  /** A refused message comes back to the side it was written on. */
  takeBack(clientId: string): void {
    const open = this.open.peek()
    const entry = this.live.outbox.find(clientId)
    if (!open || !entry || entry.conversation !== open.id) return
    const mode = entry.note ? 'note' : 'reply'
    open.choose(mode)
    open.texts[mode].value = [open.texts[mode].peek(), entry.body].filter(Boolean).join('\n')
    if (entry.files) basketFor(open.id, mode).restore(entry.files)
    this.live.outbox.remove(clientId)
  }
}

function byBuyer(event: ConversationEvent): boolean {
  return event.kind === 'message' && event.data.author.party === 'buyer'
}

function lostTo({ params }: ApiProblem): string {
  const winner = params.operator as { name?: unknown } | string | null | undefined
  const name = typeof winner === 'object' ? winner?.name : winner
  return typeof name === 'string' && name
    ? t('desk.toast.already_taken', { name })
    : t('desk.toast.already_taken_unknown')
}

function reason(error: unknown): string {
  const known = error instanceof ApiProblem && error.code !== 'offline' && error.detail
  return known || t('desk.toast.failed')
}
