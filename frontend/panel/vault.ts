import { memory } from '../core/storage.ts'

/**
 * What survives a reload where the browser denies storage to a foreign frame.
 *
 * The entries lie in the tab's storage of the site, sealed (AES-GCM): its scripts could delete
 * them, never read them. The key lies in a partitioned cookie of our own origin, which browsers
 * allow such a frame and keep from the site (https://developer.mozilla.org/docs/Web/Privacy/Guides/Privacy_sandbox/Partitioned_cookies).
 */
const COOKIE = '__Secure-amparo-vault'
const SETTINGS = 'Path=/panel/; Secure; SameSite=None; Partitioned'
const ALGORITHM = 'AES-GCM'

/** Take up what the loader kept, and give it the sealed entries at each change from now on. */
export async function openVault(
  sealed: string | null | undefined,
  keep: (sealed: string) => void,
): Promise<void> {
  // Without a secure context there is neither such a cookie nor cryptography.
  if (!globalThis.crypto.subtle) return
  const key = await vaultKey()
  if (sealed) await unseal(key, sealed).catch(() => undefined)
  let planned = false
  memory.changed = () => {
    if (planned) return
    planned = true
    // A microtask: several changes at once are sealed once, and before the page can go away.
    queueMicrotask(() => {
      planned = false
      void seal(key).then(keep)
    })
  }
}

async function vaultKey(): Promise<CryptoKey> {
  const known = document.cookie.split('; ').find((one) => one.startsWith(`${COOKIE}=`))
  const bytes = known
    ? decode(known.slice(COOKIE.length + 1))
    : crypto.getRandomValues(new Uint8Array(32))
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  if (!known) document.cookie = `${COOKIE}=${encode(bytes)}; ${SETTINGS}`
  return crypto.subtle.importKey('raw', bytes, ALGORITHM, false, ['encrypt', 'decrypt'])
}

async function seal(key: CryptoKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const text = new TextEncoder().encode(JSON.stringify([...memory.entries]))
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: ALGORITHM, iv }, key, text))
  return `${encode(iv)}.${encode(sealed)}`
}

async function unseal(key: CryptoKey, sealed: string): Promise<void> {
  const [iv, data] = sealed.split('.').map(decode)
  const text = await crypto.subtle.decrypt({ name: ALGORITHM, iv: iv! }, key, data!)
  for (const [name, value] of JSON.parse(new TextDecoder().decode(text)))
    memory.entries.set(name, value)
}

function encode(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
}
