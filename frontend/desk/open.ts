import { batch, computed, effect, signal } from '@preact/signals'
import { type Api, ApiProblem } from '../core/api.ts'
import type { Thread } from '../core/conversation.ts'
import { uuid4 } from '../core/ids.ts'
import type { Live } from '../core/live.ts'
import { type Followed, follow } from '../core/thread.ts'
import type { Conversation, ConversationEvent, NamedPerson, Quote } from '../core/types.ts'
import { lock, type Mode, type Standing, startMode } from './compose.ts'
import type { Drafts } from './drafts.ts'
import type { Looked } from './looked.ts'
import { answersSince } from './second-answer.ts'
import { Sight } from './sight.ts'
import type { Macro } from './thread-types.ts'
import type { Context } from './types.ts'

export interface OpenParts {
  api: Api
  live: Live
  drafts: Drafts
  looked: Looked
  me: string
  /** What the list knows of it already: drawn before anything is fetched. */
  row?: (Conversation & { followed?: boolean }) | undefined
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
  /** The message that is answered next. */
  readonly quote = signal<(Quote & { note?: boolean }) | null>(null)
  /** Colleagues who were chosen by name in the note. */
  readonly mentions = signal<readonly NamedPerson[]>([])
  /** A macro whose text was taken: what it does is done when the reply is sent. */
  readonly macro = signal<Macro | null>(null)
  /** The number that the reply knows of since it was begun; null where there is no text. */
  readonly basis = signal<number | null>(null)
  /** The number of the event to be shown next; null when it was. */
  readonly jump = signal<number | null>(null)
  /** Whether this operator hears of what happens here. */
  readonly following = signal(false)
  /** What is new begins after this number; null where nothing is. */
  readonly since = signal<number | null>(null)
  readonly sight: Sight
  private readonly endings: (() => void)[] = []

  constructor(
    readonly id: string,
    private readonly parts: OpenParts,
  ) {
    this.conversation.value = parts.row ?? null
    this.following.value = parts.row?.followed ?? false
    this.since.value = parts.looked.get(id)
    this.sight = new Sight(parts.live, id)
    this.basis.value = parts.drafts.basis(id)
    this.followed = follow(parts.live, id, parts.thread, (events) => {
      parts.onEvents?.(events)
      if (events.some((event) => event.kind === 'message' && event.data.author.id === parts.me))
        this.since.value = null
      if (events.some((event) => event.kind === 'order' || event.kind === 'joined'))
        void this.load()
    })
    for (const mode of ['reply', 'note'] as const) this.keep(mode)
    const { problem, caughtUp, thread } = this.followed
    this.endings.push(
      effect(() => {
        if (caughtUp.value) this.begin()
      }),
      this.whenHidden(),
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

  /** What colleagues told the buyer since the reply was begun: shown before it can be sent. */
  readonly meanwhile = computed(() => {
    const basis = this.basis.value
    if (basis === null || !this.followed.caughtUp.value) return []
    return answersSince(this.followed.thread.value, basis, this.parts.me)
  })

  /** Show a message of this thread. */
  jumpTo(messageId: string): void {
    const found = this.followed.thread
      .peek()
      .items.find((event) => event.kind === 'message' && event.data.message_id === messageId)
    if (found) this.jump.value = found.seq
  }

  /** What a reply knows of is what was there when it was begun, once that is known. */
  private begin(): void {
    const { caughtUp, thread } = this.followed
    if (!this.texts.reply.peek().trim()) this.basis.value = null
    else if (caughtUp.peek()) this.basis.value = this.basis.peek() ?? thread.peek().seq
  }

  /** What was shown is known: the reply may leave beside it. */
  accept(atLeast = 0): void {
    const seq = Math.max(atLeast, this.followed.thread.peek().seq)
    this.basis.value = seq
    this.parts.drafts.set(this.id, 'reply', this.texts.reply.peek(), { basis: seq })
  }

  /** Everything up to number `seq` was really seen. */
  read(seq: number): void {
    if (!this.followed.caughtUp.peek()) return
    this.parts.looked.set(this.id, seq)
    this.parts.live.seen(this.id, seq, true)
  }

  /** What comes while nobody looks is new. */
  private whenHidden(): () => void {
    const changed = () => {
      if (document.hidden) this.since.value = this.followed.thread.peek().seq
    }
    document.addEventListener('visibilitychange', changed)
    return () => document.removeEventListener('visibilitychange', changed)
  }

  /** The unsent text of one side: from an earlier visit, and kept for the next one. */
  private keep(mode: Mode): void {
    const text = this.texts[mode]
    text.value = this.parts.drafts.get(this.id, mode)
    let first = true
    this.endings.push(
      effect(() => {
        const { value } = text
        if (!first) {
          if (mode === 'reply') this.begin()
          const basis = mode === 'reply' ? this.basis.peek() : null
          this.parts.drafts.set(this.id, mode, value, { basis })
          if (mode === 'reply') this.sight.wrote(!value.trim())
        }
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
          this.following.value = context.row?.followed ?? this.following.peek()
          if (context.row?.mentioned) void this.seeMentions()
          this.contextFailed.value = false
        })
        .catch(() => {
          this.contextFailed.value = true
        }),
    ])
  }

  /** The notes in which this operator was named are before their eyes. */
  private async seeMentions(): Promise<void> {
    const path = { id: this.id }
    const url = '/api/v1/desk/conversations/{id}/mentions/seen'
    await this.parts.api.post(url, { id: uuid4() }, { path }).catch(() => {})
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
    this.sight.close()
    this.followed.close()
    return this.followed.thread.peek()
  }

  private adopt(thread: Thread): void {
    const known = this.conversation.peek()
    // An empty stream knows nothing yet, whatever the server has told otherwise.
    if (!known || !thread.seq) return
    const { state, operator, orderRef, mergedInto } = thread
    this.conversation.value = {
      ...{ ...known, state, operator, merged_into: mergedInto },
      order_ref: orderRef ?? known.order_ref,
    }
  }
}
