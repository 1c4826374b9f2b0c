/** What will be done in a moment unless it is undone: instead of asking "are you sure?". */
export interface Pending {
  id: string
  /** `leaving`: the page is going away, only what outlives it arrives. */
  run: (leaving: boolean) => void
  undone: () => void
  /** Say so: only when the person took it back, not when something else did. */
  told?: () => void
}

/**
 * Actions with a time to undo them. They run when the time is over, or at once when the page is
 * left: closing the lid right after "resolve" must not leave the conversation open.
 */
export class Undoable {
  private readonly pending = new Map<string, Pending & { timer: ReturnType<typeof setTimeout> }>()

  constructor(private readonly delay: number) {
    globalThis.addEventListener?.('pagehide', () => this.flush(true))
  }

  schedule(action: Pending): void {
    this.undo(action.id)
    const timer = setTimeout(() => this.run(action.id, false), this.delay)
    this.pending.set(action.id, { ...action, timer })
  }

  /** True when it was still time. */
  undo(id: string): boolean {
    const action = this.drop(id)
    action?.undone()
    return action !== undefined
  }

  /** As `undo`, and the person is told. */
  takeBack(id: string): boolean {
    const action = this.pending.get(id)
    const undone = this.undo(id)
    if (undone) action?.told?.()
    return undone
  }

  /** The newest action that can still be undone. */
  last(): string | null {
    return [...this.pending.keys()].at(-1) ?? null
  }

  flush(leaving = false): void {
    for (const id of [...this.pending.keys()]) this.run(id, leaving)
  }

  /** Do it now, if it is still to be done. */
  finish(id: string): void {
    this.run(id, false)
  }

  private run(id: string, leaving: boolean): void {
    this.drop(id)?.run(leaving)
  }

  private drop(id: string): Pending | undefined {
    const action = this.pending.get(id)
    if (action) clearTimeout(action.timer)
    this.pending.delete(id)
    return action
  }
}
