import { useEffect } from 'preact/hooks'
import type { CaseStore } from '../../core/cases.ts'
import { go } from '../routes.ts'
import { handDeed } from './case-head.tsx'
import { decisive, deedsOf } from './deeds.tsx'
import type { CaseFilters } from './filters.ts'
import { answer, offer } from './registry.ts'
import { rowOptions } from './row-keys.ts'
import type { WorkList } from './work.ts'

/** What the keys and the palette do to the open case. */
export function useCaseKeys(store: CaseStore, work: WorkList, filters: CaseFilters): void {
  useEffect(() => {
    const step = (by: 1 | -1) => () => {
      const row = work.neighbour(store.id, by)
      if (row) go({ app: 'cases', id: row.id, filters }, true)
    }
    const hand = (deed: 'take' | 'release_case') => ({
      run: () => void store.act(deed),
      available: () => handDeed(store.item.value) === deed,
    })
    const ends = [
      answer('next', { run: step(1) }),
      answer('previous', { run: step(-1) }),
      answer('take', hand('take')),
      answer('release', hand('release_case')),
      answer('note', { run: () => document.getElementById('case-note')?.focus() }),
      answer('resolve', {
        run: () => store.choose(decisive(store.item.value)?.key ?? null),
        available: () => decisive(store.item.value) !== null,
      }),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [store, work, filters])
  const { value: item } = store.item
  const { value: rows } = work.rows
  useEffect(() => {
    const deeds = deedsOf(item).map(({ key, label }) => ({
      id: `deed-${key}`,
      text: label,
      hint: item?.number,
      run: () => store.choose(key),
    }))
    return offer([...deeds, ...rowOptions(rows ?? [], filters)])
  }, [item, rows, store, filters])
}
