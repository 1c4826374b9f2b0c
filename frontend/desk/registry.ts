/**
 * Commands that open something inside the thread. The keys and the palette know their names; the
 * thread says what they do as long as it is on the screen.
 */
export const THREAD_COMMANDS = [
  'snooze',
  'tags',
  'macros',
  'transfer',
  'follow',
  'priority',
  'merge',
] as const
export type ThreadCommand = (typeof THREAD_COMMANDS)[number]

export interface Handler {
  /** `which`: one that was chosen by name already, e.g. the id of a macro. */
  run: (which?: string) => void
  /** Whether it makes sense now; without it: always. */
  available?: () => boolean
}

const handlers = new Map<ThreadCommand, Handler>()

/** Answer to a command until the returned function is called. The last one who came answers. */
export function register(command: ThreadCommand, handler: Handler): () => void {
  handlers.set(command, handler)
  return () => {
    if (handlers.get(command) === handler) handlers.delete(command)
  }
}

export function canDo(command: ThreadCommand): boolean {
  const handler = handlers.get(command)
  return Boolean(handler) && (handler?.available?.() ?? true)
}

/** False when nobody answers to it now. */
export function perform(command: ThreadCommand, which?: string): boolean {
  if (!canDo(command)) return false
  handlers.get(command)?.run(which)
  return true
}
