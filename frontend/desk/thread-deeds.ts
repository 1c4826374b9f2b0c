import type { Api } from '../core/api.ts'
import { t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import { sessionStore } from '../core/storage.ts'
import type { ConversationEvent, Person } from '../core/types.ts'
import { toast } from '../ui/toast.tsx'
import { type Desk, UNDO_MS } from './desk.ts'
import { Handling } from './handling.ts'
import { buyerName, inSentence, neighbour } from './inbox.ts'
import { MacroRuns } from './macro-runs.ts'
import { reason } from './reason.ts'
import { Undoing } from './undoing.ts'
import { Writing } from './writing.ts'

/** What an operator can do with the open conversation. */
export class ThreadDeeds {
  readonly macros: MacroRuns
  readonly writing: Writing
  readonly handling: Handling

  constructor(
    private readonly desk: Desk,
    private readonly parts: { api: Api; csrf: () => string | null; person: Person },
  ) {
    const { api, person } = parts
    const undoing = new Undoing(desk)
    const store = sessionStore(`amparo.desk.${person.id}.`)
    this.macros = new MacroRuns({ api, store }, desk)
    this.writing = new Writing(desk, { ...parts, undoing, macros: this.macros })
    this.handling = new Handling(desk, { ...parts, undoing })
  }

  start(): () => void {
    return this.macros.start()
  }

  /** Resolve the open conversation: at once for the eye, for good when it can't be undone any more. */
  resolve(thenNext = false): void {
    const open = this.desk.open.peek()
    const conversation = open?.conversation.peek()
    if (!open || !conversation || open.lock.peek()) return
    const { id } = open
    const name = inSentence(buyerName(conversation))
    const next =
      neighbour(this.desk.lists.rows.peek(), id, 1) ??
      neighbour(this.desk.lists.rows.peek(), id, -1)
    // Followed until it is final: a word of the buyer in these seconds keeps it open.
    const unfollow = this.desk.live.subscribe(id, open.followed.thread.peek().seq, {
      events: (events) => {
        if (events.some(byBuyer) && this.desk.undoable.undo(id))
          toast(t('desk.toast.wrote_again', { name }))
      },
    })
    const dismiss = toast(
      t('desk.toast.resolving', { name }),
      { label: t('desk.action.undo'), run: () => this.desk.undo(id) },
      UNDO_MS,
    )
    this.desk.lists.hide(id, true)
    this.desk.undoable.schedule({
      id,
      run: (leaving) => {
        unfollow()
        dismiss()
        this.desk.before(this.resolveNow(id, leaving))
      },
      undone: () => {
        unfollow()
        dismiss()
        this.desk.lists.hide(id, false)
      },
      told: () => {
        toast(t('desk.toast.undone'))
        this.desk.goTo(id)
      },
    })
    if (thenNext) void this.takeNextAfter(id)
    else this.desk.goTo(next && next.id !== id ? next.id : null)
  }

  private async takeNextAfter(id: string): Promise<void> {
    this.desk.goTo(null)
    await this.desk.taking.takeNext()
    this.desk.lists.remove(id, 'mine')
  }

  private async resolveNow(id: string, leaving: boolean): Promise<void> {
    const url = '/api/v1/desk/conversations/{id}/resolve'
    try {
      if (leaving) return this.resolveLeaving(url.replace('{id}', id))
      await this.parts.api.post(url, { id: uuid4() }, { path: { id } })
      this.desk.lists.remove(id, 'mine')
    } catch (error) {
      toast(reason(error))
    }
    this.desk.lists.hide(id, false)
    this.desk.lists.refresh()
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
}

function byBuyer(event: ConversationEvent): boolean {
  return event.kind === 'message' && event.data.author.party === 'buyer'
}
