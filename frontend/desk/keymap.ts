import { signal } from '@preact/signals'
import { COMMANDS, type Command, DEFAULT_KEYS, FIXED, type Keymap } from './keys.ts'

const SAVED = 'amparo.desk.keys.'
const KEY = /^(\S|shift\+[a-z])( (\S|shift\+[a-z]))?$/u

/** The keys of one person on this device: the table, and what they changed in it. */
export class Keys {
  readonly map = signal<Keymap>(DEFAULT_KEYS)
  private readonly name: string

  constructor(
    person: string,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | null = local(),
  ) {
    this.name = SAVED + person
    this.map.value = { ...DEFAULT_KEYS, ...this.read() }
  }

  /**
   * Another key for a command; null leaves it without one. Tells the command that has the key
   * already (or one that begins with it), and changes nothing then, unless `take` says to take it.
   */
  set(command: Command, key: string | null, take = false): Command | null {
    const map = { ...this.map.peek() }
    for (let other = key && holder(map, key, command); other; other = holder(map, key!, command)) {
      if (!take) return other
      delete map[other]
    }
    if (key) map[command] = key
    else delete map[command]
    this.keep(map)
    return null
  }

  reset(): void {
    this.map.value = DEFAULT_KEYS
    try {
      this.storage?.removeItem(this.name)
    } catch {}
  }

  /** Only what differs is kept: a key that a later version adds reaches everybody. */
  private keep(map: Keymap): void {
    this.map.value = map
    const own: Record<string, string> = {}
    for (const command of COMMANDS)
      if (map[command] !== DEFAULT_KEYS[command]) own[command] = map[command] ?? ''
    try {
      this.storage?.setItem(this.name, JSON.stringify(own))
    } catch {
      // Without storage the choice lasts until the page is loaded again.
    }
  }

  private read(): Keymap {
    try {
      const kept: unknown = JSON.parse(this.storage?.getItem(this.name) ?? '{}')
      const found = Object.entries(kept as Record<string, unknown>).filter(
        ([command, key]) =>
          isOurs(command) && (key === '' || (typeof key === 'string' && KEY.test(key))),
      )
      return Object.fromEntries(found.map(([command, key]) => [command, key || undefined]))
    } catch {
      return {}
    }
  }
}

function isOurs(command: string): boolean {
  return COMMANDS.some((one) => one === command && !FIXED.includes(one))
}

/** Whose key it is: the same one, or one of the two begins the other. */
export function holder(map: Keymap, key: string, except: Command): Command | null {
  const found = COMMANDS.find((command) => {
    const other = map[command]
    if (!other || command === except) return false
    return other === key || other.startsWith(`${key} `) || key.startsWith(`${other} `)
  })
  return found ?? null
}

function local(): Storage | null {
  try {
    return globalThis.localStorage ?? null
  } catch {
    return null
  }
}
