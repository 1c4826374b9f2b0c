import { signal } from '@preact/signals'
import type { Command } from '../keys.ts'
import type { Option } from '../picker.tsx'
import type { Handler } from '../registry.ts'

/**
 * What the keys of the desk do where the cases are. The page of the cases is loaded when somebody
 * goes there; it says here what it answers to as long as it is on the screen.
 */
const handlers = new Map<Command, Handler>()

/** What the palette offers beside the keys: the lists, the deeds of the open case, its neighbours. */
export const caseOptions = signal<readonly Option[]>([])

/** Answer to a command until the returned function is called. The last one who came answers. */
export function answer(command: Command, handler: Handler): () => void {
  handlers.set(command, handler)
  return () => {
    if (handlers.get(command) === handler) handlers.delete(command)
  }
}

/** Offer these in the palette until the returned function is called. */
export function offer(options: readonly Option[]): () => void {
  caseOptions.value = options
  return () => {
    if (caseOptions.peek() === options) caseOptions.value = []
  }
}

export function answered(command: Command): boolean {
  const handler = handlers.get(command)
  return Boolean(handler) && (handler?.available?.() ?? true)
}

export function perform(command: Command): void {
  if (answered(command)) handlers.get(command)?.run()
}
