import type { Outbox, OutboxEntry } from './outbox.ts'
import type { ClientFrame, Post, ProblemFrame } from './types.ts'

const NOT_NOW_S = 15

/** Sends what is in the outbox, in order, and again when the server only said "not now". */
export class Courier {
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `send` is false while there is no connection. */
  constructor(
    private readonly outbox: Outbox,
    private readonly send: (frame: ClientFrame) => boolean,
    private readonly ready: () => boolean,
  ) {}

  start(): void {
    this.outbox.watch(() => this.all())
  }

  stop(): void {
    clearTimeout(this.timer)
    this.outbox.stop()
  }

  post(post: Post): void {
    this.outbox.add(post, new Date().toISOString())
    this.one(post.client_id)
  }

  retry(clientId: string, more?: Partial<Post>): void {
    this.outbox.retry(clientId, more)
    this.one(clientId)
  }

  /** Everything that may leave now. */
  all(): void {
    if (!this.ready()) return
    for (const entry of this.outbox.unsent()) this.dispatch(entry)
    this.plan()
  }

  refused(clientId: string, frame: ProblemFrame): void {
    const { status, code, title, detail, params = {} } = frame
    if (status !== 429 && status < 500)
      return this.outbox.failed(clientId, { status, code, title, detail, params })
    const seconds = Number(params.retry_after ?? params.seconds) || NOT_NOW_S
    this.outbox.hold(clientId, { until: Date.now() + seconds * 1000, title, detail })
    this.plan()
  }

  /** One message, unless another of its conversation has to leave before it. */
  private one(clientId: string): void {
    const entry = this.outbox.unsent().find(({ client_id }) => client_id === clientId)
    if (entry && this.ready()) this.dispatch(entry)
  }

  private plan(): void {
    clearTimeout(this.timer)
    const now = Date.now()
    const waits = this.outbox.entries.value.flatMap(({ held }) => (held ? held.until - now : []))
    const next = Math.min(...waits.filter((wait) => wait > 0))
    if (Number.isFinite(next)) this.timer = setTimeout(() => this.all(), next)
  }

  private dispatch(entry: OutboxEntry): void {
    const { conversation, client_id, body, note, open, question } = entry
    const { files, quote, after, mentions, held } = entry
    if (held) this.outbox.hold(client_id, undefined)
    this.send({
      ...{ type: 'post', conversation, client_id, body, note: note ?? false },
      ...{ open: open ?? null, question: question ?? null },
      ...(files?.length && { files: files.map(({ id }) => id) }),
      ...(quote && { quote: quote.message_id }),
      ...(after != null && { after }),
      ...(mentions?.length && { mentions: mentions.map(({ id }) => id) }),
    })
  }
}
