/** A random UUID (version 4): the `client_id` of what a person sends. */
export function uuid4(): string {
  return uuid(random(), 0x40)
}

/** A UUID that sorts by time (version 7, RFC 9562): ids of conversations. `now` in ms. */
export function uuid7(now: number = Date.now()): string {
  const bytes = random()
  for (let i = 5, rest = now; i >= 0; i--, rest = Math.floor(rest / 256)) bytes[i] = rest % 256
  return uuid(bytes, 0x70)
}

// crypto.randomUUID exists only in secure contexts; a self-hosted desk may be plain http.
function random(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16))
}

function uuid(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | version
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
