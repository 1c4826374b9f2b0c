import { THREAD_COMMANDS } from './registry.ts'
import { VIEWS } from './routes.ts'

/** Where the cases are, from everywhere at the desk. */
export const CASE_PLACES = ['cases', 'appeals', 'alarms'] as const

/** What a key press on the desk can ask for. */
export const COMMANDS = [
  'next',
  'previous',
  'take_next',
  'take',
  'reply',
  'note',
  'resolve',
  'resolve_next',
  'release',
  ...THREAD_COMMANDS,
  'undo',
  'select',
  'select_to',
  'select_next',
  'select_previous',
  'search',
  'filters',
  'save_view',
  ...VIEWS.map((view) => `go_${view}` as const),
  ...CASE_PLACES.map((place) => `go_${place}` as const),
  'presence',
  'remap',
  'help',
  'palette',
  'leave',
] as const
export type Command = (typeof COMMANDS)[number]

/** Commands whose key is not a person's choice: `Esc` and Mod+K mean the same everywhere. */
export const FIXED: readonly Command[] = ['palette', 'leave']

/**
 * A key of the table: a letter or sign, `shift+` a letter, or two after each other (`g w`).
 * Commands without one are in the palette.
 */
export type Keymap = Readonly<Partial<Record<Command, string>>>

/** The keys as they come; the help dialog is drawn from the table in use. */
export const DEFAULT_KEYS: Keymap = {
  next: 'j',
  previous: 'k',
  take_next: 't',
  take: 'a',
  reply: 'r',
  note: 'n',
  resolve: 'e',
  resolve_next: 'shift+e',
  snooze: 's',
  tags: 'l',
  macros: 'm',
  transfer: 'shift+t',
  follow: 'f',
  priority: 'p',
  undo: 'z',
  select: 'x',
  select_to: 'shift+x',
  select_next: 'shift+j',
  select_previous: 'shift+k',
  search: '/',
  filters: 'shift+f',
  go_waiting: 'g w',
  go_mine: 'g m',
  go_all: 'g a',
  go_unassigned: 'g u',
  go_due: 'g d',
  go_mentions: 'g n',
  go_followed: 'g f',
  go_snoozed: 'g s',
  go_resolved: 'g r',
  go_cases: 'g c',
  go_appeals: 'g p',
  go_alarms: 'g l',
  help: '?',
}

export interface Press {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  isComposing: boolean
}

export interface Place {
  /** A text field has the focus: single keys are letters there. */
  inField: boolean
  /** A dialog or menu is open: it has the keys for itself. */
  inDialog: boolean
}

/** What a press says: a command, the beginning of one (`g`), or nothing of ours. */
export interface Heard {
  command: Command | null
  begun: string | null
}

const NOTHING: Heard = { command: null, begun: null }

/** `begun` is what the press before began. The browser and the field get what is not ours. */
export function hear(
  press: Press,
  place: Place,
  keys: Keymap = DEFAULT_KEYS,
  begun: string | null = null,
): Heard {
  if (press.isComposing || place.inDialog || press.altKey) return NOTHING
  if (press.ctrlKey || press.metaKey) {
    const palette = letter(press) === 'k' && !press.shiftKey
    return palette ? { command: 'palette', begun: null } : NOTHING
  }
  if (press.key === 'Escape') return { command: 'leave', begun: null }
  if (place.inField) return NOTHING
  const name = pressed(press)
  if (!name) return NOTHING
  const whole = begun ? `${begun} ${name}` : name
  const command = commandOf(whole, keys) ?? (begun ? commandOf(name, keys) : null)
  if (command) return { command, begun: null }
  const begins = Object.values(keys).some((key) => key?.startsWith(`${name} `))
  return { command: null, begun: begins ? name : null }
}

/** The command of a key press, or null: then the press belongs to the browser or the field. */
export function commandFor(press: Press, place: Place, keys: Keymap = DEFAULT_KEYS) {
  return hear(press, place, keys).command
}

function commandOf(key: string, keys: Keymap): Command | null {
  return COMMANDS.find((command) => keys[command] === key) ?? null
}

/** The name of a press in the table; null for keys that cannot be in it. */
export function pressed(press: Press): string | null {
  const key = letter(press)
  if ([...key].length !== 1 || /[\s\p{C}]/u.test(key)) return null
  return press.shiftKey && /^[a-z]$/.test(key) ? `shift+${key}` : key
}

/**
 * The Latin key that was meant. On a Russian (or any non-Latin) layout the letter on the key is
 * another one, so the place of the key counts; on Latin layouts (Dvorak, AZERTY) its letter does.
 */
function letter(press: Press): string {
  const key = press.key.toLowerCase()
  if (press.code === 'Slash' && (key === '.' || key === ',')) return press.shiftKey ? '?' : '/'
  if (/^\p{L}$/u.test(key) && !/^[a-z]$/.test(key)) {
    return /^Key([A-Z])$/.exec(press.code)?.[1]?.toLowerCase() ?? key
  }
  return key
}

/** Whether keys typed at this element are text. */
export function isField(element: Element | null): boolean {
  if (!element) return false
  if (element instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'button', 'submit', 'reset'].includes(element.type)
  }
  return (
    element instanceof HTMLTextAreaElement ||
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLElement && element.isContentEditable)
  )
}

/** How a shortcut is written on this machine, e.g. `⌘K` or `Ctrl+K`. */
export function mod(key: string, platform = navigator.platform): string {
  return /Mac|iPhone|iPad/.test(platform) ? `⌘${key}` : `Ctrl+${key}`
}

/** How a key of the table is written: `⇧E`, `G W`. */
export function shown(key: string): string {
  return key
    .split(' ')
    .map((one) => (one.startsWith('shift+') ? `⇧${one.slice(6).toUpperCase()}` : one.toUpperCase()))
    .join(' ')
}
