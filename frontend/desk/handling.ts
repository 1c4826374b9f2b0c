import { signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { t } from '../core/i18n.ts'
import { uuid4, uuid7 } from '../core/ids.ts'
import { exact } from '../core/time.ts'
import type { MessageData, Path } from '../core/types.ts'
import { toast } from '../ui/toast.tsx'
import { priorityName } from './changes.ts'
import type { Desk } from './desk.ts'
import { buyerName, inSentence, neighbour } from './inbox.ts'
import { leavingPost } from './leaving.ts'
import type { Open } from './open.ts'
import { attempt, type Undoing } from './undoing.ts'

/** What the thread can ask in a dialog of its own. */
export type Asking =
  | 'snooze'
  | 'tags'
  | 'macros'
  | 'transfer'
  | 'priority'
  | 'merge'
  | 'block'
  | { history: MessageData }

/** Whom a conversation goes to. */
export interface Receiver {
  team?: string
  operator?: string
  name: string
}

type Verb = 'tags' | 'snooze' | 'transfer' | 'merge' | 'unmerge' | 'split' | 'priority' | 'resolve'

/** What an operator does with a conversation besides answering; all of it can be undone. */
export class Handling {
  readonly asking = signal<Asking | null>(null)

  constructor(
    private readonly desk: Desk,
    private readonly parts: { api: Api; csrf: () => string | null; undoing: Undoing },
  ) {}

  // ---- done at once, and put back when it is undone

  async tag(open: Open, add: string[], remove: string[] = []): Promise<void> {
    const { id } = open
    const text = add.length
      ? t('desk.toast.tagged', { tags: add.join(', '), n: add.length })
      : t('desk.toast.untagged', { tags: remove.join(', '), n: remove.length })
    await this.parts.undoing.now(
      { id: `tags ${id}`, text, run: () => this.post(id, 'tags', { add, remove }) },
      () => this.post(id, 'tags', { add: remove, remove: add }),
    )
    this.desk.lists.refresh()
  }

  async snooze(open: Open, until: number): Promise<void> {
    const { id } = open
    const time = exact(new Date(until).toISOString())
    const done = await this.parts.undoing.now(
      {
        id: `snooze ${id}`,
        text: t('desk.toast.snoozed', { time }),
        run: () => this.post(id, 'snooze', { until: new Date(until).toISOString() }),
      },
      async () => {
        await this.post(id, 'snooze', { until: null })
        this.desk.goTo(id)
      },
    )
    if (done) this.moveOn(id)
  }

  async wake(open: Open): Promise<void> {
    await attempt(() => this.post(open.id, 'snooze', { until: null }))
    this.desk.lists.refresh()
  }

  async priority(open: Open, priority: number, before: number): Promise<void> {
    const { id } = open
    await this.parts.undoing.now(
      {
        id: `priority ${id}`,
        text: t('desk.toast.priority', { priority: priorityName(priority) }),
        run: () => this.post(id, 'priority', { priority }),
      },
      () => this.post(id, 'priority', { priority: before }),
    )
    this.desk.lists.refresh()
  }

  /** Hear of what happens in it, or no more. */
  async follow(open: Open): Promise<void> {
    const url: Path = '/api/v1/desk/conversations/{id}/follow'
    const path = { path: { id: open.id } }
    const follow = !open.following.peek()
    const { api } = this.parts
    const work = () => (follow ? api.put(url, {}, path) : api.delete(url, path))
    if (!(await attempt(work))) return
    open.following.value = follow
    toast(t(follow ? 'desk.toast.followed' : 'desk.toast.unfollowed'))
    this.desk.lists.refresh()
  }

  async block(open: Open, until: string | null, reason: string): Promise<void> {
    const buyer = open.context.peek()?.buyer
    if (!buyer) return
    const url: Path = '/api/v1/desk/people/{person_id}/block'
    const path = { path: { person_id: buyer.id } }
    const { api } = this.parts
    await this.parts.undoing.now(
      {
        id: `block ${buyer.id}`,
        text: t('desk.toast.blocked', { name: inSentence(buyer.name || t('desk.row.visitor')) }),
        run: () => api.put(url, { until, reason }, path),
      },
      () => api.delete(url, path).then(() => open.load()),
    )
    await open.load()
  }

  async unblock(open: Open): Promise<void> {
    const buyer = open.context.peek()?.buyer
    if (!buyer) return
    const path = { path: { person_id: buyer.id } }
    await attempt(() => this.parts.api.delete('/api/v1/desk/people/{person_id}/block', path))
    await open.load()
  }

  /** It goes on in another one of the same buyer. */
  async merge(open: Open, into: { id: string }): Promise<void> {
    const { id } = open
    const conversation = open.conversation.peek()
    const name = conversation ? inSentence(buyerName(conversation)) : ''
    const done = await this.parts.undoing.now(
      {
        id: `merge ${id}`,
        text: t('desk.toast.merged', { name }),
        run: () => this.post(id, 'merge', { into: into.id }),
      },
      async () => {
        await this.post(id, 'unmerge', {})
        this.desk.goTo(id)
      },
    )
    if (done) this.desk.goTo(into.id)
    this.desk.lists.refresh()
  }

  // ---- done when it can't be undone any more

  transfer(open: Open, { team, operator, name }: Receiver, note: string): void {
    const { id } = open
    const body = { ...(team && { team }), ...(operator && { operator }), ...(note && { note }) }
    this.desk.lists.hide(id, true)
    this.later(id, 'transfer', body, t('desk.toast.transferring', { name: inSentence(name) }), () =>
      this.desk.lists.hide(id, false),
    )
    this.moveOn(id)
  }

  /** A conversation of its own for a message and everything after it. */
  split(open: Open, message: MessageData): void {
    const { id } = open
    const fresh = uuid7()
    const body = { conversation: fresh, from_message: message.message_id }
    this.later(
      id,
      'split',
      body,
      t('desk.toast.splitting'),
      () => {},
      () => this.desk.goTo(fresh),
    )
  }

  private later(
    id: string,
    verb: Verb,
    body: Record<string, unknown>,
    text: string,
    undone: () => void,
    done?: () => void,
  ): void {
    const request = { id: uuid4(), ...body }
    const address = `/api/v1/desk/conversations/${id}/${verb}`
    const run = async (leaving: boolean) => {
      if (leaving) return leavingPost(address, request, this.parts.csrf())
      await this.post(id, verb, request)
      this.desk.lists.hide(id, false)
      this.desk.lists.refresh()
      done?.()
    }
    this.parts.undoing.later({ id: `${verb} ${id}`, text, run }, undone, () => this.desk.goTo(id))
  }

  private post(id: string, verb: Verb, body: Record<string, unknown>): Promise<unknown> {
    const url = `/api/v1/desk/conversations/{id}/${verb}` as Path
    return this.parts.api.post(url, { id: uuid4(), ...body }, { path: { id } })
  }

  /** It is no longer this operator's turn: reading goes on with the next one. */
  private moveOn(id: string): void {
    if (this.desk.open.peek()?.id !== id) return
    const rows = this.desk.lists.rows.peek()
    const next = neighbour(rows, id, 1) ?? neighbour(rows, id, -1)
    this.desk.lists.refresh()
    this.desk.goTo(next && next.id !== id ? next.id : null)
  }
}
