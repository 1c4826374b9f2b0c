/** Where a surface keeps what must survive a reload: this tab's storage, or memory without it. */
export interface Store {
  get<T>(key: string): T | undefined
  set(key: string, value: unknown): void
  remove(key: string): void
  clear(): void
}

/**
 * JSON values in sessionStorage under `prefix`. A browser that blocks storage in foreign frames
 * (or a full one) leaves us with memory: everything works until the reload.
 */
export function sessionStore(prefix: string, area: Storage | null = available()): Store {
  const memory = new Map<string, string>()
  const attempt = <T>(action: () => T): T | undefined => {
    try {
      return action()
    } catch {
      return undefined
    }
  }
  return {
    get<T>(key: string) {
      const text = attempt(() => area?.getItem(prefix + key)) ?? memory.get(key)
      return text === undefined ? undefined : attempt(() => JSON.parse(text) as T)
    },
    set(key, value) {
      const text = JSON.stringify(value)
      memory.set(key, text)
      attempt(() => area?.setItem(prefix + key, text))
    },
    remove(key) {
      memory.delete(key)
      attempt(() => area?.removeItem(prefix + key))
    },
    clear() {
      memory.clear()
      attempt(() => {
        for (const key of Object.keys(area ?? {})) if (key.startsWith(prefix)) area?.removeItem(key)
      })
    },
  }
}

function available(): Storage | null {
  try {
    return globalThis.sessionStorage ?? null
  } catch {
    return null
  }
}
