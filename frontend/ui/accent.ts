/** Relative luminance of a colour's channels, 0..255 (WCAG 2.2). */
function luminance(channels: number[]): number {
  const [r, g, b] = channels.map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

/** The colour, darkened until white text on it (and it as text on white) holds 4.5:1. */
export function readable(accent: string): string {
  let channels = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16))
  while (luminance(channels) > 0.18) channels = channels.map((value) => value * 0.95)
  return `rgb(${channels.map(Math.round).join(' ')})`
}

/** Take the marketplace's colour (`#rrggbb`), in both themes; anything else changes nothing. */
export function useAccent(accent: string): void {
  if (!/^#[0-9a-f]{6}$/i.test(accent)) return
  const { style } = document.documentElement
  const colour = readable(accent)
  style.setProperty('--site-accent', colour)
  style.setProperty('--site-accent-dark', `color-mix(in oklab, ${colour} 45%, white)`)
  style.setProperty('--site-own-dark', `color-mix(in oklab, ${colour} 62%, black)`)
}
