import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { toast } from '../ui/toast.tsx'
import { type CaseList, FIRST } from './cases/filters.ts'
import { answered, perform as performInCases } from './cases/registry.ts'
import type { Desk, DialogName } from './desk.ts'
import { CASE_PLACES, type Command, hear, isField } from './keys.ts'
import { canDo, perform, THREAD_COMMANDS, type ThreadCommand } from './registry.ts'
import { go, route, VIEWS, type View } from './routes.ts'
import { MOST } from './selection.ts'

/** What these do to the chosen rows instead of the open conversation. */
const BULK: Partial<Record<Command, DialogName>> = {
  snooze: 'bulk_snooze',
  tags: 'bulk_tag',
  macros: 'bulk_macro',
  transfer: 'bulk_transfer',
  priority: 'bulk_priority',
}

/** Whether a command makes sense now: the palette offers only what would do something. */
export function available(desk: Desk, command: Command): boolean {
  if (inCases()) return EVERYWHERE.includes(command) || goes(command) || answered(command)
  const open = desk.open.value
  const lock = open?.lock.value
  const many = desk.selection.size.value > 0
  if (isThread(command)) return (many && command in BULK) || (Boolean(open) && canDo(command))
  switch (command) {
    case 'resolve':
      return many || (Boolean(open) && lock === null)
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
      return inSearch() ? desk.search.found.value.hits.length > 0 : desk.lists.rows.value.length > 0
    case 'select':
    case 'select_to':
    case 'select_next':
    case 'select_previous':
    case 'save_view':
    case 'filters':
      return !inSearch()
    default:
      return true
  }
}

/** Do it. What needs a place on the page (a field, a dialog) is found there. */
export function run(desk: Desk, command: Command): void {
  if (!available(desk, command)) return
  if (inCases() && answered(command)) return performInCases(command)
  const cases = CASE_PLACES.find((name) => command === `go_${name}`)
  if (cases) return goToCases(cases === 'cases' ? FIRST.list : cases)
  const view = VIEWS.find((name) => command === `go_${name}`)
  const like = inCases() && view ? LIKE[view] : undefined
  if (like) return goToCases(like)
  if (view) return goToView(desk, view)
  if (isThread(command)) return onThread(desk, command)
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
      return desk.selection.size.peek() ? desk.bulk.run({ do: 'resolve' }) : desk.thread.resolve()
    case 'resolve_next':
      return desk.thread.resolve(true)
    case 'undo':
      return desk.undo()
    case 'reply':
    case 'note':
      return desk.open.value?.write(command)
    case 'search':
      return seek(desk)
    case 'filters':
      return reveal('inbox-filters')
    case 'presence':
      return reveal('presence-menu')
    case 'help':
    case 'palette':
    case 'remap':
    case 'save_view':
      desk.dialog.value = command
      return
    case 'leave':
      return leave(desk)
    default:
      return select(desk, command)
  }
}

function isThread(command: Command): command is ThreadCommand {
  return (THREAD_COMMANDS as readonly string[]).includes(command)
}

function onThread(desk: Desk, command: ThreadCommand): void {
  const many = BULK[command]
  if (many && desk.selection.size.peek()) desk.dialog.value = many
  else perform(command)
}

function goToView(desk: Desk, view: View): void {
  go({ app: 'desk', view, id: desk.open.peek()?.id ?? null })
}

/** What means a list of the inbox means the like list of cases where the cases are. */
const LIKE: Partial<Record<View, CaseList>> = {
  due: 'due',
  mine: 'mine',
  unassigned: 'unassigned',
  all: 'all',
  resolved: 'closed',
}

function goToCases(list: CaseList): void {
  const place = route.peek()
  const order = place.app === 'cases' ? place.filters.order : FIRST.order
  go({ app: 'cases', id: null, filters: { list, order } })
}

function inCases(): boolean {
  return route.value.app === 'cases'
}

const goes = (command: Command) => command.startsWith('go_') || command === 'presence'

function select(desk: Desk, command: Command): void {
  const { selection, lists } = desk
  const order = lists.rows.peek().map(({ id }) => id)
  const at = selection.cursor.peek() ?? focusedRow() ?? openId(desk)
  const here = at !== null && order.includes(at) ? at : order[0]
  if (here === undefined) return
  let room = true
  if (command === 'select') room = selection.toggle(here)
  if (command === 'select_to') room = selection.range(order, here)
  if (command === 'select_next') room = selection.extend(order, at, 1)
  if (command === 'select_previous') room = selection.extend(order, at, -1)
  if (!room) toast(t('desk.bulk.most', { n: MOST }))
}

function focusedRow(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row ?? null
}

function inSearch(): boolean {
  const place = route.value
  return place.app === 'desk' && place.view === 'search'
}

/** Search over all messages: its field, with what was asked last. */
export function seek(desk: Desk): void {
  // At once where it can be seen: what is typed next belongs to it and is no shortcut.
  const there = focusSearch()
  if (!inSearch()) {
    const id = desk.open.peek()?.id ?? null
    go({ app: 'desk', view: 'search', id, filters: desk.search.filters.peek() })
  }
  // Else after the pane with the field has been drawn.
  if (!there) setTimeout(focusSearch)
}

function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('.inbox-search input')
  field?.focus()
  field?.select()
  return field !== null && document.activeElement === field
}

function reveal(id: string): void {
  const menu = document.getElementById(id)
  menu?.showPopover()
  menu?.querySelector<HTMLElement>('input, select, button')?.focus()
}

/** Esc leaves a field, so that single keys work again; then it lets go of what was chosen. */
function leave(desk: Desk): void {
  const field = document.activeElement
  if (isField(field)) (field as HTMLElement).blur()
  else if (desk.selection.size.peek()) desk.selection.clear()
  if (!inCases() && field?.closest('.inbox-search') && !desk.search.filters.peek().q)
    desk.goTo(openId(desk), desk.lists.view.peek())
}

function openId(desk: Desk): string | null {
  return desk.open.peek()?.id ?? null
}

const EVERYWHERE: readonly Command[] = ['help', 'palette', 'leave', 'remap']
/** A sequence that is not ended within this time (ms) is forgotten. */
const SEQUENCE_MS = 1500

/** Listen to the keys of the desk as long as it is on the screen. */
export function useKeys(desk: Desk): void {
  useEffect(() => {
    let begun: { key: string; at: number } | null = null
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const place = {
        inField: isField(document.activeElement),
        inDialog: Boolean(document.querySelector('dialog[open], [popover]:popover-open')),
      }
      const before = begun && event.timeStamp - begun.at < SEQUENCE_MS ? begun.key : null
      const heard = hear(event, place, desk.keys.map.peek(), before)
      if (event.key !== 'Shift')
        begun = heard.begun ? { key: heard.begun, at: event.timeStamp } : null
      const { command } = heard
      if (!command) return
      if (route.peek().app === 'admin' && !EVERYWHERE.includes(command)) return
      if (command !== 'leave') event.preventDefault()
      run(desk, command)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [desk])
}
