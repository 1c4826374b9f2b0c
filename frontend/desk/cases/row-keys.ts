import { useEffect } from 'preact/hooks'
import type { CaseRow } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import type { Option } from '../picker.tsx'
import { go } from '../routes.ts'
import type { CaseFilters } from './filters.ts'
import { answer, offer } from './registry.ts'
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
  const { value: rows } = work.rows
  const { value: filters } = work.filters
  useEffect(() => offer(rowOptions(rows ?? [], filters)), [rows, filters])
}

/** The cases of a list for the palette: found by number, item, order and names. */
export function rowOptions(rows: readonly CaseRow[], filters: CaseFilters): Option[] {
  return rows.map((row) => ({
    id: `case-${row.id}`,
    text: `${row.number} ${row.title}`,
    also: [row.reason_label, row.order, row.buyer_name, row.store_name].filter(Boolean).join(' '),
    hint: t('desk.cases.case'),
    run: () => go({ app: 'cases', id: row.id, filters }),
  }))
}
