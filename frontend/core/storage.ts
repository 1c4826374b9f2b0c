/** Where a surface keeps what must survive a reload of its page. */
export interface Store {
  get<T>(key: string): T | undefined
  set(key: string, value: unknown): void
  remove(key: string): void
  clear(): void
}

/** Stands in for the browser's storage where there is none: browsers deny it to foreign frames. */
export const memory = {
  entries: new Map<string, string>(),
  /** Somebody who carries the entries over a reload is told here (`panel/vault.ts`). */
  changed: () => {},
}

function available(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    return null
  }
}

/** No storage of its own: the panel in the iframe of a browser that blocks third parties. */
export const blocked = !available()

/** JSON values in sessionStorage under `prefix`, or in memory. A full storage loses the newest. */
export function sessionStore(prefix: string, area: Storage | null = available()): Store {
  const { entries } = memory
  const names = () => (area ? Object.keys(area) : [...entries.keys()])
  const drop = (name: string) => (area ? area.removeItem(name) : entries.delete(name))
  const store: Store = {
    get<T>(key: string) {
      const text = area ? area.getItem(prefix + key) : entries.get(prefix + key)
      return text == null ? undefined : (JSON.parse(text) as T)
    },
    set(key, value) {
      const text = JSON.stringify(value)
      try {
        if (area) area.setItem(prefix + key, text)
        else entries.set(prefix + key, text)
      } catch {}
      memory.changed()
    },
    remove(key) {
      drop(prefix + key)
      memory.changed()
    },
    clear() {
      for (const name of names()) if (name.startsWith(prefix)) drop(name)
      memory.changed()
    },
  }
  return store
}
