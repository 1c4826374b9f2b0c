/** A picture that waits to be sent, as it is kept over a reload. */
export interface Kept {
  key: string
  place: string
  name: string
  blob: Blob
  at: number
}

const STORE = 'pictures'
const KEEP_MS = 24 * 3600 * 1000

/** Where pictures wait; a browser that denies storage only loses them with a reload. */
export interface Keeper {
  all(place: string): Promise<Kept[]>
  put(kept: Kept): Promise<void>
  remove(key: string): Promise<void>
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('amparo', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function ask<T>(mode: IDBTransactionMode, what: (store: IDBObjectStore) => IDBRequest<T>) {
  const database = await opened()
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = what(database.transaction(STORE, mode).objectStore(STORE))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    database.close()
  }
}

const remove = (key: string) => ask('readwrite', (store) => store.delete(key))

export const keeper: Keeper = {
  /** The pictures of a place, the oldest first; those that the server forgot are forgotten. */
  async all(place) {
    const kept = await ask('readonly', (store) => store.getAll() as IDBRequest<Kept[]>)
    const old = Date.now() - KEEP_MS
    await Promise.all(kept.filter(({ at }) => at < old).map(({ key }) => remove(key)))
    return kept
      .filter((one) => one.place === place && one.at >= old)
      .sort((one, other) => one.at - other.at)
  },
  async put(kept) {
    await ask('readwrite', (store) => store.put(kept))
  },
  remove,
}

/** Signed out: nothing of this person stays in the browser. */
export async function forget(prefix: string): Promise<void> {
  const kept = await ask('readonly', (store) => store.getAll() as IDBRequest<Kept[]>)
  await Promise.all(
    kept.filter(({ place }) => place.startsWith(prefix)).map(({ key }) => remove(key)),
  )
}
