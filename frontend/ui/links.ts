/** A piece of a text: plain, or the address it names. */
export type Piece = string | { text: string; href: string; host: string | null }

/** What the guard puts in place of what nobody may read. */
const MASK = '•••'

/** An address ends where no address goes on; marks of the sentence around it are cut off below. */
const CANDIDATE =
  /\b(?:https?:\/\/|mailto:)[^\s<>"'`«»“”„\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gi
const CLOSING: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/**
 * A text as written, with its addresses apart. Only http, https and mailto; `host` is given where
 * the written one is not the real one (letters of other alphabets), to be shown beside it.
 */
export function pieces(text: string): Piece[] {
  const found: Piece[] = []
  let from = 0
  for (const match of text.matchAll(CANDIDATE)) {
    const written = trimmed(match[0])
    const link = address(written)
    if (!link) continue
    if (match.index > from) found.push(text.slice(from, match.index))
    found.push(link)
    from = match.index + written.length
  }
  if (from < text.length) found.push(text.slice(from))
  return found
}

/** Without the full stop, and without a bracket that was opened before the address. */
function trimmed(text: string): string {
  let end = text.length
  for (; end > 0; end--) {
    const last = text[end - 1]!
    const opening = CLOSING[last]
    if (opening) {
      const part = text.slice(0, end)
      if (part.split(last).length <= part.split(opening).length) break
    } else if (!/[.,;:!?…*_~|]/.test(last)) break
  }
  return text.slice(0, end)
}

function address(written: string): Piece | null {
  if (written.includes(MASK)) return null
  let url: URL
  try {
    url = new URL(written)
  } catch {
    return null
  }
  if (url.protocol === 'mailto:')
    return /^[^@\s]+@[^@\s]+$/.test(url.pathname)
      ? { text: written, href: `mailto:${url.pathname}`, host: null }
      : null
  // "https://your-bank.example@elsewhere.example" shows one place and leads to another.
  if (url.username || url.password || !url.hostname) return null
  const shown = written.toLowerCase().includes(`//${url.host}`)
  return { text: written, href: url.href, host: shown ? null : url.host }
}
