/** What a key press on the desk can ask for. */
export type Command =
  | 'next'
  | 'previous'
  | 'reply'
  | 'note'
  | 'resolve'
  | 'resolve_next'
  | 'take_next'
  | 'take'
  | 'release'
  | 'undo'
  | 'filter'
  | 'help'
  | 'palette'
  | 'leave'

/** Single keys and what they do; the help dialog is drawn from this table. */
export const KEYS: readonly (readonly [key: string, command: Command])[] = [
  ['j', 'next'],
  ['k', 'previous'],
  ['t', 'take_next'],
  ['a', 'take'],
  ['r', 'reply'],
  ['n', 'note'],
  ['e', 'resolve'],
  ['shift+e', 'resolve_next'],
  ['z', 'undo'],
  ['/', 'filter'],
  ['?', 'help'],
]

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

/** The command of a key press, or null: then the press belongs to the browser or the field. */
export function commandFor(press: Press, place: Place): Command | null {
  if (press.isComposing || place.inDialog || press.altKey) return null
  if (press.ctrlKey || press.metaKey) {
    return letter(press) === 'k' && !press.shiftKey ? 'palette' : null
  }
  if (press.key === 'Escape') return 'leave'
  if (place.inField) return null
  const key = letter(press)
  const name = press.shiftKey && /^[a-z]$/.test(key) ? `shift+${key}` : key
  return KEYS.find(([known]) => known === name)?.[1] ?? null
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
