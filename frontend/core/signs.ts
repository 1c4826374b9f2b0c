import type { ClientFrame } from './types.ts'

type Send = (frame: ClientFrame) => boolean
type Mode = 'viewing' | 'replying' | null
type Timer = ReturnType<typeof setTimeout>

interface Sight {
  delivered: number
  read: number
  /** What the server was told. */
  told: { delivered: number; read: number; at: number }
  timer: Timer | undefined
}

/** Writing is said again after this, and ends by itself when nothing more is written. */
const SAY_AGAIN_MS = 3000
const PAUSE_MS = 5000
const SEEN_EVERY_MS = 1000
/** What was told just before a connection broke may not have arrived. */
const DOUBTFUL_MS = 30_000

/** What others notice without a word: that one writes, has seen something, or is looking. */
export class Signs {
  private readonly writing = new Map<string, { said: number; timer: Timer }>()
  private readonly sights = new Map<string, Sight>()
  private readonly looks = new Map<string, Mode>()

  /** `send` is false while there is no connection. */
  constructor(private readonly send: Send) {}

  typing(conversation: string, on: boolean): void {
    const before = this.writing.get(conversation)
    clearTimeout(before?.timer)
    if (!on) {
      if (this.writing.delete(conversation)) this.send({ type: 'typing', conversation, on })
      return
    }
    const now = Date.now()
    const again = !before || now - before.said >= SAY_AGAIN_MS
    const said = again ? now : before.said
    const timer = setTimeout(() => this.typing(conversation, false), PAUSE_MS)
    this.writing.set(conversation, { said, timer })
    if (again) this.send({ type: 'typing', conversation, on })
  }

  seen(conversation: string, seq: number, read: boolean): void {
    let sight = this.sights.get(conversation)
    if (!sight) {
      const told = { delivered: 0, read: 0, at: 0 }
      sight = { delivered: 0, read: 0, told, timer: undefined }
      this.sights.set(conversation, sight)
    }
    if (read) sight.read = Math.max(sight.read, seq)
    sight.delivered = Math.max(sight.delivered, seq)
    this.tell(conversation, sight)
  }

  look(conversation: string, mode: Mode): void {
    if ((this.looks.get(conversation) ?? null) === mode) return
    if (mode) this.looks.set(conversation, mode)
    else this.looks.delete(conversation)
    this.send({ type: 'look', conversation, mode })
  }

  /** A new connection: say what holds still, and what may have been lost with the old one. */
  again(): void {
    for (const [conversation, mode] of this.looks) this.send({ type: 'look', conversation, mode })
    const now = Date.now()
    for (const [conversation, sight] of this.sights) {
      if (now - sight.told.at < DOUBTFUL_MS) sight.told = { delivered: 0, read: 0, at: 0 }
      this.tell(conversation, sight)
    }
  }

  stop(): void {
    for (const { timer } of this.writing.values()) clearTimeout(timer)
    for (const { timer } of this.sights.values()) clearTimeout(timer)
    this.writing.clear()
  }

  private tell(conversation: string, sight: Sight): void {
    const { delivered, read, told } = sight
    if (sight.timer || (delivered <= told.delivered && read <= told.read)) return
    const wait = told.at + SEEN_EVERY_MS - Date.now()
    if (wait > 0) {
      sight.timer = setTimeout(() => {
        sight.timer = undefined
        this.tell(conversation, sight)
      }, wait)
      return
    }
    let sent = true
    if (read > told.read) sent = this.send({ type: 'seen', conversation, seq: read, read: true })
    if (delivered > Math.max(told.delivered, read))
      sent = this.send({ type: 'seen', conversation, seq: delivered, read: false })
    if (sent) sight.told = { delivered, read, at: Date.now() }
  }
}
