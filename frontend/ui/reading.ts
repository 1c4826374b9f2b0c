import { useEffect } from 'preact/hooks'

/** Somebody whose pointer moves here reads here, though the focus may be in the page around. */
const NEAR_MS = 10_000

/**
 * Tells the number (`data-seq`) of the lowest message that somebody can really see: drawn, within
 * the scrolled area, in a window that is shown and that somebody is at. `scroller`: what scrolls.
 */
export function useReading(
  scroller: () => HTMLElement | null,
  last: unknown,
  onRead: (seq: number) => void,
  active = true,
): void {
  useEffect(() => {
    const area = active && scroller()
    if (!area) return
    let near = 0
    let planned = 0
    const look = () => {
      planned = 0
      const here = document.hasFocus() || Date.now() - near < NEAR_MS
      if (document.visibilityState !== 'visible' || !here) return
      const seq = lowest(area)
      if (seq) onRead(seq)
    }
    const plan = () => {
      planned ||= requestAnimationFrame(look)
    }
    const come = () => {
      near = Date.now()
      plan()
    }
    area.addEventListener('scroll', plan, { passive: true })
    addEventListener('focus', plan)
    addEventListener('pointermove', come, { passive: true })
    document.addEventListener('visibilitychange', plan)
    plan()
    return () => {
      cancelAnimationFrame(planned)
      area.removeEventListener('scroll', plan)
      removeEventListener('focus', plan)
      removeEventListener('pointermove', come)
      document.removeEventListener('visibilitychange', plan)
    }
  }, [last, active])
}

/** From the end: what is read is nearly always the newest. */
function lowest(area: HTMLElement): number | null {
  const bottom = area.getBoundingClientRect().bottom
  const all = area.querySelectorAll<HTMLElement>('[data-seq]')
  for (let at = all.length - 1; at >= 0; at--) {
    const { top, height } = all[at]!.getBoundingClientRect()
    // Of a long one its beginning is enough: nobody sees the whole of it at once.
    if (top + Math.min(height, 48) <= bottom + 1) return Number(all[at]!.dataset.seq)
  }
  return null
}
