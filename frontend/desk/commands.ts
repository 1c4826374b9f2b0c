import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { Desk } from './desk.ts'
import { type Command, commandFor, isField } from './keys.ts'
import { route } from './routes.ts'

export type DialogName = 'help' | 'palette'

export interface DialogDoor {
  (name: DialogName | null): void
  open: Signal<DialogName | null>
}

/** Whether a command makes sense now: the palette offers only what would do something. */
export function available(desk: Desk, command: Command): boolean {
  const open = desk.open.value
  const lock = open?.lock.value
  switch (command) {
    case 'resolve':
    case 'resolve_next':
    case 'release':
    case 'reply':
      return Boolean(open) && lock === null
    case 'take':
      return Boolean(open?.standing.value) && lock === 'waiting'
    case 'note':
      return Boolean(open)
    case 'undo':
      return desk.undoable.last() !== null
    case 'next':
    case 'previous':
      return desk.lists.rows.value.length > 0
    default:
      return true
  }
}

/** Do it. What needs a place on the page (a field, a dialog) is found there. */
export function run(desk: Desk, command: Command, dialog: (name: DialogName | null) => void): void {
  if (!available(desk, command)) return
  switch (command) {
    case 'next':
      return desk.move(1)
    case 'previous':
      return desk.move(-1)
    case 'take_next':
      return void desk.taking.takeNext()
    case 'take':
      return void desk.taking.take()
    case 'release':
      return void desk.taking.release()
    case 'resolve':
      return desk.thread.resolve()
    case 'resolve_next':
      return desk.thread.resolve(true)
    case 'undo':
      return desk.undo()
    case 'reply':
    case 'note':
      return desk.open.value?.write(command)
    case 'filter':
      return document.querySelector<HTMLElement>('.inbox-filter input')?.focus()
    case 'help':
    case 'palette':
      return dialog(command)
    case 'leave':
      return leave(desk)
  }
}

/** Esc in a field leaves it, so that single keys work again. */
function leave(desk: Desk): void {
  const field = document.activeElement
  if (isField(field)) (field as HTMLElement).blur()
  if (field?.closest('.inbox-filter')) desk.lists.query.value = ''
}

/** Listen to the keys of the desk as long as it is on the screen. */
export function useKeys(desk: Desk): DialogDoor {
  const open = useSignal<DialogName | null>(null)
  const door = useMemo(() => {
    const set = (name: DialogName | null) => {
      open.value = name
    }
    return Object.assign(set, { open })
  }, [open])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const place = {
        inField: isField(document.activeElement),
        inDialog: Boolean(document.querySelector('dialog[open], [popover]:popover-open')),
      }
      const command = commandFor(event, place)
      if (!command) return
      const everywhere = command === 'help' || command === 'palette' || command === 'leave'
      if (route.peek().app !== 'desk' && !everywhere) return
      if (command !== 'leave') event.preventDefault()
      run(desk, command, door)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [desk, door])
  return door
}
