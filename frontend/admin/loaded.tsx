import { type Signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Notice, Skeleton } from '../ui/states.tsx'

export interface Loaded<T> {
  data: Signal<T | null>
  failed: Signal<boolean>
  busy: Signal<boolean>
  again: () => void
}

/** Fetch something for a page; `key` says when it is another thing. What was there stays. */
export function useLoaded<T>(key: string, fetch: () => Promise<T>): Loaded<T> {
  const data = useSignal<T | null>(null)
  const failed = useSignal(false)
  const busy = useSignal(false)
  const again = useCallback(() => {
    busy.value = true
    let current = true
    fetch()
      .then(
        (answer) => {
          if (!current) return
          data.value = answer
          failed.value = false
        },
        () => {
          if (current) failed.value = true
        },
      )
      .finally(() => {
        if (current) busy.value = false
      })
    return () => {
      current = false
    }
  }, [key])
  useEffect(() => {
    data.value = null
    return again()
  }, [again])
  return { data, failed, busy, again }
}

export interface WaitProps<T> {
  of: Loaded<T>
  label: string
  lines?: number
  children: (data: T) => ComponentChildren
}

/** The shape of what comes, then it; a failure says so beside what is known. */
export function Wait<T>({ of, label, lines = 5, children }: WaitProps<T>) {
  const data = of.data.value
  return (
    <>
      {of.failed.value && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={of.again} busy={of.busy.value}>
              {t('admin.retry')}
            </Button>
          }
        >
          {t('admin.failed')}
        </Notice>
      )}
      {data !== null
        ? children(data)
        : !of.failed.value && <Skeleton label={label} lines={lines} />}
    </>
  )
}
