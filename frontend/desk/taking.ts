import { signal } from '@preact/signals'
import { type Api, ApiProblem } from '../core/api.ts'
import { t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import type { Conversation } from '../core/types.ts'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import { reason } from './reason.ts'

/** Taking conversations out of the queue, and giving them back. */
export class Taking {
  readonly busy = signal<'take_next' | 'take' | 'release' | null>(null)
  /** Counts up when a taken conversation was put on the screen: reading goes on there. */
  readonly arrived = signal(0)
  /** Kept until it is answered: a repeated click must not take two. */
  private nextId = uuid4()

  constructor(
    private readonly desk: Desk,
    private readonly api: Api,
  ) {}

  takeNext(): Promise<void> {
    return this.doing('take_next', async () => {
      const taken = await this.api.post<Conversation | null>('/api/v1/desk/take-next', {
        id: this.nextId,
      })
      this.nextId = uuid4()
      if (!taken) return this.nobody()
      this.taken(taken)
    })
  }

  /** Nobody waits, or only people who are away or speak another language. */
  private nobody(): void {
    const some = (this.desk.lists.counts.peek()?.waiting ?? 0) > 0
    toast(t(some ? 'desk.toast.none_present' : 'desk.toast.none_waiting'))
    this.desk.lists.refresh()
  }

  take(): Promise<void> {
    const open = this.desk.open.peek()
    if (open?.lock.peek() !== 'waiting') return Promise.resolve()
    return this.doing('take', async () => {
      try {
        const path = { id: open.id }
        const url = '/api/v1/desk/conversations/{id}/take'
        this.taken(await this.api.post<Conversation>(url, {}, { path }))
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'already_taken') throw error
        toast(lostTo(error))
        void open.load()
        this.desk.lists.refresh()
      }
    })
  }

  private taken(conversation: Conversation): void {
    const { id } = conversation
    this.desk.lists.remove(id, 'waiting')
    this.desk.goTo(id, 'mine')
    this.desk.show({ app: 'desk', view: 'mine', id })
    const open = this.desk.open.peek()
    open?.take(conversation)
    open?.choose(null)
    this.desk.lists.refresh()
    this.arrived.value++
  }

  release(): Promise<void> {
    const open = this.desk.open.peek()
    if (!open || open.lock.peek()) return Promise.resolve()
    return this.doing('release', async () => {
      const path = { id: open.id }
      await this.api.post('/api/v1/desk/conversations/{id}/release', {}, { path })
      this.desk.lists.remove(open.id, 'mine')
      toast(t('desk.toast.released'))
      this.desk.goTo(null)
      this.desk.lists.refresh()
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
}

function lostTo({ params }: ApiProblem): string {
  const winner = params.operator as { name?: unknown } | string | null | undefined
  const name = typeof winner === 'object' ? winner?.name : winner
  return typeof name === 'string' && name
    ? t('desk.toast.already_taken', { name })
    : t('desk.toast.already_taken_unknown')
}
