import { type Signal, useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { language } from '../core/i18n.ts'

export interface Resource<T> {
  data: Signal<T | null>
  problem: Signal<unknown>
  reload(): void
}

/** What a view reads, again when `key` or the language changes; a late answer is dropped. */
export function useResource<T>(key: string, read: () => Promise<T>): Resource<T> {
  const data = useSignal<T | null>(null)
  const problem = useSignal<unknown>(null)
  const turn = useSignal(0)
  useEffect(() => {
    let current = true
    problem.value = null
    read().then(
      (answer) => {
        if (current) data.value = answer
      },
      (error) => {
        if (current) problem.value = error
      },
    )
    return () => {
      current = false
    }
  }, [key, language.value, turn.value])
  return {
    data,
    problem,
    reload: () => {
      turn.value++
    },
  }
}
