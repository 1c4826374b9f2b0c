import { batch, computed, effect, signal } from '@preact/signals'
import { type Api, ApiProblem } from '../core/api.ts'
import type { Thread } from '../core/conversation.ts'
import type { Live } from '../core/live.ts'
import { type Followed, follow } from '../core/thread.ts'
import type { Conversation, ConversationEvent } from '../core/types.ts'
import { lock, type Mode, type Standing, startMode } from './compose.ts'
import type { Drafts } from './drafts.ts'
import type { Context } from './types.ts'

export interface OpenParts {
  api: Api
  live: Live
  drafts: Drafts
  me: string
  /** What the list knows of it already: drawn before anything is fetched. */
  row?: Conversation | undefined
  thread?: Thread | undefined
  onEvents?: (events: ConversationEvent[]) => void
}

/** The conversation on the screen: followed live, with its drafts and what stands beside it. */
export class Open {
  readonly conversation = signal<Conversation | null>(null)
  readonly context = signal<Context | null>(null)
  readonly contextFailed = signal(false)
  readonly failure = signal<'missing' | 'failed' | null>(null)
  readonly followed: Followed
  /** The side the person chose; null = the one that fits the state. */
  readonly chosen = signal<Mode | null>(null)
  /** Two texts, one a side: what is typed as a note can never leave as a reply. */
  readonly texts = { reply: signal(''), note: signal('') }
  private readonly endings: (() => void)[] = []

  constructor(
    readonly id: string,
    private readonly parts: OpenParts,
  ) {
    this.conversation.value = parts.row ?? null
    for (const mode of ['reply', 'note'] as const) this.keep(mode)
    this.followed = follow(parts.live, id, parts.thread, (events) => {
      parts.onEvents?.(events)
      if (events.some((event) => event.kind === 'order' || event.kind === 'joined'))
        void this.load()
    })
    const { problem, caughtUp, thread } = this.followed
    this.endings.push(
      effect(() => {
        if (problem.value) this.failure.value = problem.value.status === 404 ? 'missing' : 'failed'
        // From here on the stream knows better than what was fetched.
        if (caughtUp.value) this.adopt(thread.value)
      }),
    )
    void this.load()
  }

  readonly standing = computed<Standing | null>(() => this.conversation.value)
  readonly lock = computed(() => {
    const standing = this.standing.value
    return standing ? lock(standing, this.parts.me) : 'waiting'
  })
  readonly mode = computed<Mode>(() => this.chosen.value ?? startMode(this.lock.value))

  choose(mode: Mode | null): void {
    this.chosen.value = mode
  }

  /** Write there next: the field takes the focus with the drawing that shows it. */
  readonly focusAsked = signal(false)

  write(mode: Mode): void {
    batch(() => {
      this.chosen.value = mode
      this.focusAsked.value = true
    })
  }

  /** The unsent text of one side: from an earlier visit, and kept for the next one. */
  private keep(mode: Mode): void {
    const text = this.texts[mode]
    text.value = this.parts.drafts.get(this.id, mode)
    let first = true
    this.endings.push(
      effect(() => {
        const { value } = text
        if (!first) this.parts.drafts.set(this.id, mode, value)
        // A typed text holds its side, whatever happens to the conversation meanwhile.
        if (!first && value && this.chosen.peek() === null) this.chosen.value = mode
        first = false
      }),
    )
  }

  /** Conversation and context; the thread comes by the stream. */
  async load(): Promise<void> {
    const path = { id: this.id }
    const { api } = this.parts
    await Promise.all([
      api
        .get<Conversation>('/api/v1/conversations/{id}', { path })
        .then((conversation) => this.take(conversation))
        .catch((error) => {
          if (error instanceof ApiProblem && error.status === 404) this.failure.value = 'missing'
          else if (!this.conversation.peek()) this.failure.value = 'failed'
        }),
      api
        .get<Context>('/api/v1/desk/conversations/{id}/context', { path })
        .then((context) => {
          this.context.value = context
          this.contextFailed.value = false
        })
        .catch(() => {
          this.contextFailed.value = true
        }),
    ])
  }

  /** A fresh answer of the server about this conversation. */
  take(conversation: Conversation): void {
    batch(() => {
      this.failure.value = null
      this.conversation.value = conversation
      const { caughtUp, thread } = this.followed
      if (caughtUp.peek() && thread.peek().seq >= conversation.last_seq) this.adopt(thread.peek())
    })
  }

  close(): Thread {
    for (const end of this.endings.splice(0)) end()
    this.followed.close()
    return this.followed.thread.peek()
  }

  private adopt(thread: Thread): void {
    const known = this.conversation.peek()
    // An empty stream knows nothing yet, whatever the server has told otherwise.
    if (!known || !thread.seq) return
    const { state, operator, orderRef } = thread
    this.conversation.value = { ...known, state, operator, order_ref: orderRef ?? known.order_ref }
  }
}
