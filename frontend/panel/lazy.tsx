import { signal } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { t } from '../core/i18n.ts'
import { Skeleton } from '../ui/states.tsx'
import { Screen } from './screen.tsx'
import { wholeLanguage } from './state.ts'
import { Trouble } from './trouble.tsx'

/** The shape of a view that is not there yet. */
export function Waiting() {
  return (
    <Screen title={t('panel.loading')}>
      <Skeleton label={t('panel.loading')} />
    </Screen>
  )
}

type Module<N extends string> = { [name in N]: FunctionComponent<never> }

/**
 * Component `name` of a module that comes when it is first shown, with the shape of what comes
 * until then (or nothing: `bare`).
 */
export function lazy<N extends string, M extends Module<N>>(
  load: () => Promise<M>,
  name: N,
  bare = false,
): M[N] {
  const loaded = signal<FunctionComponent<object> | null>(null)
  const failed = signal(false)
  let asked = false
  const fetch = () => {
    asked = true
    failed.value = false
    Promise.all([load(), wholeLanguage()]).then(
      ([module]) => {
        loaded.value = module[name] as unknown as FunctionComponent<object>
      },
      () => {
        failed.value = true
      },
    )
  }
  const Lazy: FunctionComponent<object> = (props) => {
    if (!asked) fetch()
    const View = loaded.value
    if (View) return <View {...props} />
    if (bare) return null
    if (!failed.value) return <Waiting />
    return (
      <Screen title={t('panel.loading')}>
        <Trouble retry={fetch} />
      </Screen>
    )
  }
  return Lazy as unknown as M[N]
}
