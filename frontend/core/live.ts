import { batch, signal } from '@preact/signals'
import { Courier } from './courier.ts'
import { inStore, type Keeper, Outbox } from './outbox.ts'
import { Signs } from './signs.ts'
import { type Store, sessionStore } from './storage.ts'
import type {
  ClientFrame,
  ConversationEvent,
  DeskCounts,
  LookingFrame,
  Person,
  PositionFrame,
  Post,
  ProblemFrame,
  ServerFrame,
  TypingFrame,
} from './types.ts'

export interface Credentials {
  token: string | null
  csrf: string | null
}

export interface Listener {
  /** Contiguous new events, at most one call per animation frame. */
  events(events: ConversationEvent[]): void
  caughtUp?(): void
  position?(frame: PositionFrame): void
  typing?(frame: TypingFrame): void
  looking?(frame: LookingFrame): void
  /** The conversation cannot be followed (not found, no longer ours). */
  problem?(frame: ProblemFrame): void
}

export interface LiveOptions {
  url?: string
  credentials: () => Credentials | Promise<Credentials>
  store?: Store
  /** Where unsent messages are kept, instead of in `store`. */
  outbox?: Keeper | null
  /** Asked after close code 4401; true = there are new credentials, try again. */
  renew?: () => Promise<boolean>
  WebSocket?: new (url: string) => WebSocket
  /** Runs the reducer once per frame; replaced in tests. */
  frame?: (run: () => void) => void
  random?: () => number
}

interface Subscription {
  seq: number
  listeners: Set<Listener>
  buffer: ConversationEvent[]
  caughtUp: boolean
  /** A gap was seen and asked for; out-of-order events are ignored until it is filled. */
  resuming: boolean
}

const FIRST_DELAY = 500
const LONGEST_DELAY = 30_000
const HEARTBEAT = 15_000
const PATIENCE = 10_000
/** Close code of a server that is about to start again. */
const GOING_AWAY = 1012
/** Everybody comes back within this time, not all at once. */
const COMING_BACK = 1000

/** The live connection of one surface: it reconnects, resumes, and never loses a message. */
export class Live {
  readonly status = signal<'idle' | 'connecting' | 'online' | 'offline'>('idle')
  readonly person = signal<Person | null>(null)
  readonly counts = signal<DeskCounts | null>(null)
  readonly outbox: Outbox

  private socket: WebSocket | null = null
  private ready = false
  private wanted = false
  private watching = false
  private attempts = 0
  private retryTimer: ReturnType<typeof setTimeout> | undefined
  private heartbeat: ReturnType<typeof setInterval> | undefined
  private lastHeard = 0
  private flushing = false
  private readonly subscriptions = new Map<string, Subscription>()
  private readonly signs = new Signs((frame) => this.send(frame))
  private readonly courier: Courier

  constructor(private readonly options: LiveOptions) {
    const { store, outbox } = options
    this.outbox = new Outbox(outbox ?? inStore(store ?? sessionStore('amparo.')))
    const ready = () => this.ready
    this.courier = new Courier(this.outbox, (frame) => this.send(frame), ready)
  }

  start(): void {
    if (this.wanted) return
    this.wanted = true
    globalThis.addEventListener?.('online', this.hurry)
    globalThis.addEventListener?.('offline', this.noticeOffline)
    this.courier.start()
    this.connect()
  }

  stop(): void {
    this.wanted = false
    globalThis.removeEventListener?.('online', this.hurry)
    globalThis.removeEventListener?.('offline', this.noticeOffline)
    clearTimeout(this.retryTimer)
    this.courier.stop()
    this.signs.stop()
    this.drop()
    this.status.value = 'idle'
  }

  /** New credentials (signed in or out): a new connection with the same subscriptions. */
  restart(): void {
    this.drop()
    this.attempts = 0
    if (this.wanted) this.connect()
  }

  /** Follow a conversation from event `after`; returns a function that ends it. */
  subscribe(conversation: string, after: number, listener: Listener): () => void {
    let subscription = this.subscriptions.get(conversation)
    if (!subscription) {
      const listeners = new Set<Listener>()
      subscription = { seq: after, listeners, buffer: [], caughtUp: false, resuming: false }
      this.subscriptions.set(conversation, subscription)
      this.follow(conversation)
    }
    const { listeners } = subscription
    listeners.add(listener)
    return () => {
      listeners.delete(listener)
      if (listeners.size || this.subscriptions.get(conversation)?.listeners !== listeners) return
      this.subscriptions.delete(conversation)
      this.send({ type: 'unsubscribe', conversation })
    }
  }

  /** Put a message on its way; it leaves now or as soon as there is a connection. */
  post(post: Post): void {
    this.signs.typing(post.conversation, false)
    this.courier.post(post)
  }

  /** Send a refused message again, perhaps with what its author knows now (`after`). */
  retry(clientId: string, more?: Partial<Post>): void {
    this.courier.retry(clientId, more)
  }

  /** Call it with each change of the text; it is said seldom and ends by itself. */
  typing(conversation: string, on: boolean): void {
    this.signs.typing(conversation, on)
  }

  /** Everything up to `seq` is here, or was read. At most one a second is told. */
  seen(conversation: string, seq: number, read: boolean): void {
    this.signs.seen(conversation, seq, read)
  }

  /** Staff: what one does with a conversation, for colleagues; null = left it. */
  look(conversation: string, mode: 'viewing' | 'replying' | null): void {
    this.signs.look(conversation, mode)
  }

  /** Desk hints (`counts`), for staff. */
  watch(): void {
    this.watching = true
    this.send({ type: 'watch' })
  }

  private connect(): void {
    clearTimeout(this.retryTimer)
    if (this.status.value !== 'offline') this.status.value = 'connecting'
    const Socket = this.options.WebSocket ?? WebSocket
    const socket = new Socket(this.options.url ?? address())
    this.socket = socket
    socket.onopen = async () => {
      const credentials = await this.options.credentials()
      if (this.socket === socket) this.raw({ type: 'auth', ...credentials })
    }
    socket.onmessage = ({ data }) => {
      if (this.socket === socket) this.receive(JSON.parse(String(data)) as ServerFrame)
    }
    socket.onclose = ({ code }) => {
      if (this.socket === socket) void this.lost(code)
    }
  }

  private async lost(code: number): Promise<void> {
    this.drop()
    if (!this.wanted) return
    // A restart is announced and short: nothing is said about it unless it lasts.
    const restart = code === GOING_AWAY && this.status.value === 'online'
    this.status.value = restart ? 'connecting' : 'offline'
    if (code === 4401 && !(await this.options.renew?.())) return this.stop()
    const random = this.options.random ?? Math.random
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.attempts++)
    // Full jitter from half the ceiling: after a failure of the server not all come at once.
    const delay = restart ? COMING_BACK * random() : ceiling * (0.5 + random() / 2)
    clearTimeout(this.retryTimer)
    if (this.wanted) this.retryTimer = setTimeout(() => this.connect(), delay)
  }

  private drop(): void {
    clearInterval(this.heartbeat)
    this.ready = false
    const { socket } = this
    this.socket = null
    socket?.close()
    for (const subscription of this.subscriptions.values()) subscription.resuming = false
  }

  private readonly hurry = (): void => {
    if (!this.wanted || this.ready) return
    this.attempts = 0
    this.drop()
    this.connect()
  }

  private readonly noticeOffline = (): void => {
    if (this.wanted) void this.lost(0)
  }

  private beat(): void {
    if (Date.now() - this.lastHeard > HEARTBEAT + PATIENCE) return void this.lost(0)
    this.send({ type: 'ping' })
    this.courier.all()
  }

  private receive(frame: ServerFrame): void {
    this.lastHeard = Date.now()
    switch (frame.type) {
      case 'ready':
        return this.welcomed(frame.person)
      case 'event':
        return this.event(frame.conversation, frame)
      case 'caught_up':
        return this.caughtUp(frame.conversation)
      case 'ack':
        return this.acked(frame.conversation, frame.client_id, frame.seq)
      case 'problem':
        return this.problem(frame)
      case 'position':
        return this.each(frame.conversation, (listener) => listener.position?.(frame))
      case 'typing':
        return this.each(frame.conversation, (listener) => listener.typing?.(frame))
      case 'looking':
        return this.each(frame.conversation, (listener) => listener.looking?.(frame))
      case 'desk':
        this.counts.value = frame.counts
    }
  }

  private welcomed(person: Person): void {
    this.ready = true
    this.attempts = 0
    batch(() => {
      this.person.value = person
      this.status.value = 'online'
    })
    clearInterval(this.heartbeat)
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT)
    this.courier.all()
    for (const conversation of this.subscriptions.keys()) this.follow(conversation)
    if (this.watching) this.send({ type: 'watch' })
    this.signs.again()
  }

  /** Subscribe at the server, unless the conversation is only being opened by our own message. */
  private follow(conversation: string): void {
    const subscription = this.subscriptions.get(conversation)
    const opening = this.outbox.entries.value.some(
      (entry) => entry.conversation === conversation && entry.open && !entry.acked,
    )
    if (subscription && !(opening && subscription.seq === 0))
      this.send({ type: 'subscribe', conversation, after: subscription.seq })
  }

  private event(conversation: string, frame: ConversationEvent): void {
    const subscription = this.subscriptions.get(conversation)
    if (!subscription || frame.seq <= subscription.seq) return
    if (frame.seq > subscription.seq + 1) {
      if (subscription.resuming) return
      subscription.resuming = true
      this.send({ type: 'subscribe', conversation, after: subscription.seq })
      return
    }
    subscription.seq = frame.seq
    subscription.resuming = false
    const { seq, kind, at, data } = frame
    subscription.buffer.push({ seq, kind, at, data } as ConversationEvent)
    this.plan()
  }

  private caughtUp(conversation: string): void {
    const subscription = this.subscriptions.get(conversation)
    if (!subscription) return
    subscription.caughtUp = true
    subscription.resuming = false
    this.plan()
  }

  private plan(): void {
    if (this.flushing) return
    this.flushing = true
    const frame = this.options.frame ?? nextFrame
    frame(() => {
      this.flushing = false
      batch(() => this.flush())
    })
  }

  private flush(): void {
    for (const [conversation, subscription] of this.subscriptions) {
      const events = subscription.buffer
      const { caughtUp } = subscription
      subscription.buffer = []
      subscription.caughtUp = false
      if (events.length) this.each(conversation, (listener) => listener.events(events))
      for (const event of events)
        if (event.kind === 'message' && event.data.client_id)
          this.outbox.remove(event.data.client_id)
      if (caughtUp) this.each(conversation, (listener) => listener.caughtUp?.())
    }
  }

  private acked(conversation: string, clientId: string, seq: number): void {
    const opened = this.outbox.find(clientId)?.open
    const subscription = this.subscriptions.get(conversation)
    this.outbox.acked(clientId)
    // Without a follower, or when the event came before its acknowledgement, nothing else will
    // take the entry away.
    const seen = subscription && !subscription.buffer.length && seq <= subscription.seq
    if (!subscription || seen) this.outbox.remove(clientId)
    else if (opened) this.follow(conversation)
  }

  private problem(frame: ProblemFrame): void {
    const { client_id, conversation } = frame
    if (client_id) this.courier.refused(client_id, frame)
    else if (conversation) {
      this.each(conversation, (listener) => listener.problem?.(frame))
    }
  }

  private each(conversation: string, run: (listener: Listener) => void): void {
    for (const listener of this.subscriptions.get(conversation)?.listeners ?? []) run(listener)
  }

  /** False = there is no connection. */
  private send(frame: ClientFrame): boolean {
    if (this.ready) this.raw(frame)
    return this.ready
  }

  private raw(frame: ClientFrame): void {
    this.socket?.send(JSON.stringify(frame))
  }
}

function address(): string {
  return `${location.origin.replace(/^http/, 'ws')}/api/v1/live`
}

/** An animation frame, or a quarter of a second where none comes (a hidden tab or iframe). */
function nextFrame(run: () => void): void {
  let done = false
  const once = () => {
    if (!done) run()
    done = true
  }
  requestAnimationFrame(once)
  setTimeout(once, 250)
}
