import type { Keeper, OutboxEntry } from './outbox.ts'

/**
 * An outbox that every tab of one person shares and that outlives them: an entry each in
 * localStorage, so that two tabs never write over one another. One tab, the holder of a lock,
 * sends what closed tabs left; sending twice would be harmless, since the server knows the
 * `client_id`. Null where the browser denies storage.
 */
export function sharedOutbox(name: string, area: Storage | null = available()): Keeper | null {
  if (!area) return null
  const prefix = `${name}.`
  const { locks } = navigator
  const ending = new AbortController()
  let release = () => {}
  let stopped = false
  const listeners: ((event: StorageEvent) => void)[] = []
  const keeper = {
    leading: !locks,
    all: () =>
      Object.keys(area)
        .filter((key) => key.startsWith(prefix))
        .flatMap((key) => read(area, key)),
    put(entry: OutboxEntry) {
      try {
        area.setItem(prefix + entry.client_id, JSON.stringify(entry))
      } catch {} // A full storage: it lives in this tab only.
    },
    remove: (clientId: string) => area.removeItem(prefix + clientId),
    watch(changed: () => void) {
      const listener = ({ key, storageArea }: StorageEvent) => {
        if (storageArea === area && (key === null || key.startsWith(prefix))) changed()
      }
      addEventListener('storage', listener)
      listeners.push(listener)
      const lead = () => {
        if (stopped) return
        keeper.leading = true
        changed()
        return new Promise<void>((resolve) => {
          release = resolve
        })
      }
      locks?.request(name, { signal: ending.signal }, lead).catch(() => {})
    },
    stop() {
      stopped = true
      for (const listener of listeners) removeEventListener('storage', listener)
      ending.abort()
      release()
    },
  }
  return keeper
}

function read(area: Storage, key: string): OutboxEntry[] {
  try {
    return [JSON.parse(area.getItem(key)!) as OutboxEntry]
  } catch {
    return []
  }
}

function available(): Storage | null {
  try {
    return globalThis.localStorage ?? null
  } catch {
    return null
  }
}
