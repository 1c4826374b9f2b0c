import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { t } from '../core/i18n.ts'
import { Skeleton } from '../ui/states.tsx'
import { Screen } from './screen.tsx'
import { wholeLanguage } from './state.ts'
import { Trouble } from './trouble.tsx'

/** A view whose code comes when it is first shown; with the shape of what comes until then. */
export function lazy<P extends object>(
  load: () => Promise<FunctionComponent<P>>,
  bare = false,
): FunctionComponent<P> {
  const loaded = signal<FunctionComponent<P> | null>(null)
  const failed = signal(false)
  const fetch = () => {
    failed.value = false
    Promise.all([load(), wholeLanguage()]).then(
      ([component]) => {
        loaded.value = component
      },
      () => {
        failed.value = true
      },
    )
  }
  let asked = false
  return function Lazy(props: P) {
    if (!asked) {
      asked = true
      fetch()
    }
    const View = loaded.value
    if (View) return <View {...props} />
    if (bare) return null
    return (
      <Screen title={t('panel.loading')}>
        {failed.value ? <Trouble retry={fetch} /> : <Skeleton label={t('panel.loading')} />}
      </Screen>
    )
  }
}
