/**
 * How well `query` fits `text`: null when not every letter of it is there in order. Beginnings of
 * words and letters that stand together count more; case and accents do not count.
 */
export function score(query: string, text: string): number | null {
  const wanted = plain(query).replace(/\s+/g, '')
  const given = plain(text)
  if (!wanted) return 0
  const whole = given.indexOf(plain(query).trim())
  if (whole >= 0) return 1000 - (whole === 0 ? 0 : starts(given, whole) ? 100 : 300) - given.length
  let total = 0
  let from = 0
  for (const letter of wanted) {
    const at = next(given, letter, from)
    if (at < 0) return null
    total += starts(given, at) ? 12 : at === from && from > 0 ? 8 : 1
    from = at + 1
  }
  return total - given.length / 100
}

/** A beginning of a word is meant rather than a letter inside one. */
function next(given: string, letter: string, from: number): number {
  const near = given.indexOf(letter, from)
  if (near < 0 || near === from || starts(given, near)) return near
  for (let at = near; at >= 0; at = given.indexOf(letter, at + 1)) if (starts(given, at)) return at
  return near
}

function starts(text: string, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1]!)
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Those that fit, the best first; equals stay in their order. At most `limit`. */
export function best<T>(query: string, items: readonly T[], text: (item: T) => string, limit = 50) {
  const found: { item: T; points: number }[] = []
  for (const item of items) {
    const points = score(query, text(item))
    if (points !== null) found.push({ item, points })
  }
  found.sort((a, b) => b.points - a.points)
  return found.slice(0, limit).map(({ item }) => item)
}
