const FIRST =
  /^panel\.((title|help|menu|close|back|loading|retry|count)$|(trouble|home|ask|hours)\.)|^panel\.(orders\.title|topics\.title|person\.title)$/

/** Texts that the first view needs; the others come with the first view after it. */
export function firstView(key: string): boolean {
  return FIRST.test(key)
}
