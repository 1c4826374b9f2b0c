let segmenter: Intl.Segmenter | undefined

/** The number of characters as a person counts them (grapheme clusters), as the server counts. */
export function graphemes(text: string): number {
  // Only plain characters without combining marks: nothing to segment.
  if (/^[\x20-\x7e\n]*$/.test(text)) return text.length
  segmenter ??= new Intl.Segmenter()
  let count = 0
  for (const _ of segmenter.segment(text)) count++
  return count
}
