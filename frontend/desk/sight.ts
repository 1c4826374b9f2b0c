import type { Live } from '../core/live.ts'

/** Writing nothing for so long is looking again. */
const STILL_MS = 30_000

/**
 * What colleagues and the buyer notice of somebody who has a conversation before them: that they
 * look while its tab is in sight, and answer while they write to the buyer. A note is nobody's
 * business: it shows neither.
 */
export class Sight {
  private writing = false
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly changed = () => this.tell()

  constructor(
    private readonly live: Pick<Live, 'look' | 'typing'>,
    private readonly id: string,
  ) {
    document.addEventListener('visibilitychange', this.changed)
    this.tell()
  }

  /** The reply has changed; `empty`: nothing is left of it. */
  wrote(empty: boolean): void {
    clearTimeout(this.timer)
    this.writing = !empty
    this.live.typing(this.id, !empty)
    if (!empty) this.timer = setTimeout(() => this.rested(), STILL_MS)
    this.tell()
  }

  close(): void {
    clearTimeout(this.timer)
    document.removeEventListener('visibilitychange', this.changed)
    if (this.writing) this.live.typing(this.id, false)
    this.live.look(this.id, null)
  }

  private rested(): void {
    this.writing = false
    this.tell()
  }

  private tell(): void {
    if (document.hidden) this.live.look(this.id, null)
    else this.live.look(this.id, this.writing ? 'replying' : 'viewing')
  }
}
