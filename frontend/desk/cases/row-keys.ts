import { useEffect } from 'preact/hooks'
import { answer } from './registry.ts'
import type { WorkList } from './work.ts'

/** J and K go through the rows, Enter opens one: it is a link. */
export function useRowKeys(box: { current: HTMLElement | null }, work: WorkList): void {
  useEffect(() => {
    const step = (by: 1 | -1) => () => {
      const rows = [...(box.current?.querySelectorAll<HTMLElement>('[data-case]') ?? [])]
      const at = rows.indexOf(document.activeElement as HTMLElement)
      const next = rows[at < 0 ? 0 : at + by]
      next?.focus()
      if (at + by >= rows.length) void work.more()
    }
    const focus = (selector: string) => () =>
      box.current?.querySelector<HTMLElement>(selector)?.focus()
    const ends = [
      answer('next', { run: step(1) }),
      answer('previous', { run: step(-1) }),
      answer('search', { run: focus('input[type=search]') }),
      answer('filters', { run: focus('select') }),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [box, work])
}
