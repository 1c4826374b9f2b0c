import { useEffect } from 'preact/hooks'

const STEPS: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 }

/**
 * One stop of the Tab key for many like things (the menus of a hundred messages): the last one at
 * first, then where one was. Arrows, Home and End go from one to the next.
 */
export function useRoving(
  holder: { current: HTMLElement | null },
  selector: string,
  last: unknown,
): void {
  useEffect(() => {
    const all = () => [...(element()?.querySelectorAll<HTMLElement>(selector) ?? [])]
    const element = () => holder.current
    const stop = (wanted: HTMLElement | undefined) => {
      for (const one of all()) one.tabIndex = one === wanted ? 0 : -1
    }
    const focused = all().find((one) => one === document.activeElement)
    stop(focused ?? all().at(-1))
    const focus = ({ target }: FocusEvent) => {
      const one = (target as HTMLElement).closest<HTMLElement>(selector)
      if (one) stop(one)
    }
    const key = (event: KeyboardEvent) => {
      const list = all()
      const at = list.indexOf(event.target as HTMLElement)
      if (at < 0 || event.defaultPrevented) return
      const next =
        event.key === 'Home'
          ? list[0]
          : event.key === 'End'
            ? list.at(-1)
            : list[at + (STEPS[event.key] ?? Number.NaN)]
      if (!next) return
      event.preventDefault()
      next.focus()
    }
    const here = element()
    here?.addEventListener('focusin', focus)
    here?.addEventListener('keydown', key)
    return () => {
      here?.removeEventListener('focusin', focus)
      here?.removeEventListener('keydown', key)
    }
  }, [last])
}
