import { batch, signal } from '@preact/signals'
import { Outbox } from './outbox.ts'
import { type Store, sessionStore } from './storage.ts'
import type {
  ClientFrame,
  ConversationEvent,
  DeskCounts,
  Person,
  PositionFrame,
  Post,
  ProblemFrame,
  ServerFrame,
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
  /** The conversation cannot be followed (not found, no longer ours). */
  problem?(frame: ProblemFrame): void
}

export interface LiveOptions {
  url?: string
  credentials: () => Credentials | Promise<Credentials>
  store?: Store
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

  constructor(private readonly options: LiveOptions) {
    this.outbox = new Outbox(options.store ?? sessionStore('amparo.'))
  }

  start(): void {
    if (this.wanted) return
    this.wanted = true
    globalThis.addEventListener?.('online', this.hurry)
    globalThis.addEventListener?.('offline', this.noticeOffline)
    this.connect()
  }

  stop(): void {
    this.wanted = false
    globalThis.removeEventListener?.('online', this.hurry)
    globalThis.removeEventListener?.('offline', this.noticeOffline)
    clearTimeout(this.retryTimer)
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
    this.outbox.add(post, new Date().toISOString())
    this.dispatch(post)
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId)
    const entry = this.outbox.find(clientId)
    if (entry) this.dispatch(entry)
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
    this.status.value = 'offline'
    if (code === 4401 && !(await this.options.renew?.())) return this.stop()
    const random = this.options.random ?? Math.random
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.attempts++)
    // Full jitter from half the ceiling: after a restart of the server not all come at once.
    const delay = ceiling * (0.5 + random() / 2)
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
    for (const entry of this.outbox.unsent()) this.dispatch(entry)
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
    for (const entry of this.outbox.unsent()) this.dispatch(entry)
    for (const conversation of this.subscriptions.keys()) this.follow(conversation)
    if (this.watching) this.send({ type: 'watch' })
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
      return this.send({ type: 'subscribe', conversation, after: subscription.seq })
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
    const { client_id, conversation, status, code, title, detail } = frame
    if (client_id) {
      // "Not now" of the server: the heartbeat sends the message again.
      if (status === 429 || status >= 500) return
      this.outbox.failed(client_id, { status, code, title, detail })
    } else if (conversation) {
      this.each(conversation, (listener) => listener.problem?.(frame))
    }
  }

  private each(conversation: string, run: (listener: Listener) => void): void {
    for (const listener of this.subscriptions.get(conversation)?.listeners ?? []) run(listener)
  }

  private dispatch({ conversation, client_id, body, note, open, question, files }: Post): void {
    this.send({
      type: 'post',
      conversation,
      client_id,
      body,
      note: note ?? false,
      open: open ?? null,
      question: question ?? null,
      ...(files?.length && { files: files.map(({ id }) => id) }),
    })
  }

  private send(frame: ClientFrame): void {
    if (this.ready) this.raw(frame)
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
