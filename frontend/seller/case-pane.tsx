import { useEffect, useMemo, useRef } from 'preact/hooks'
import { ApiProblem } from '../core/api.ts'
import { CaseStore, Cases } from '../core/cases.ts'
import { language, t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Skeleton } from '../ui/states.tsx'
import { path, place } from './routes.ts'
import { api, bearer, resume } from './session.ts'

const cases = new Cases(api, async (refused) => {
  if (refused) await resume()
  return { token: bearer() }
})

interface Props {
  id: string | null
  /** Something was done in the case: the list says something else now. */
  changed(): void
}

export function CasePane({ id, changed }: Props) {
  if (id) return <Open id={id} changed={changed} />
  return (
    <section id="case" class="case-pane none" tabIndex={-1} aria-label={t('seller.case.none')}>
      <Empty icon="scale" title={t('seller.case.none')}>
        {t('seller.case.none_hint')}
      </Empty>
    </section>
  )
}

function Open({ id, changed }: { id: string; changed(): void }) {
  const store = useMemo(() => new CaseStore(cases, id), [id])
  const pane = useRef<HTMLElement>(null)
  const item = store.item.value
  const version = item?.version
  useEffect(() => {
    void store.load()
    return store.follow()
  }, [store])
  useEffect(() => pane.current?.focus(), [])
  useEffect(() => {
    if (version !== undefined) changed()
  }, [version])
  useEffect(() => {
    if (item) document.title = `${item.number} · ${t('seller.name')}`
  }, [item?.number, language.value])
  return (
    <section
      id="case"
      ref={pane}
      class="case-pane"
      tabIndex={-1}
      aria-label={item?.number ?? t('seller.case.loading')}
    >
      <div class="case-pane-inside">
        <a class="case-back" href={path({ ...place.value, id: null })}>
          <Icon name="back" size={18} />
          {t('seller.case.back')}
        </a>
        {!item && (store.problem.value ? <Missing store={store} /> : <Waiting />)}
      </div>
    </section>
  )
}

function Waiting() {
  return <Skeleton label={t('seller.case.loading')} lines={8} />
}

function Missing({ store }: { store: CaseStore }) {
  const problem = store.problem.value
  if (problem instanceof ApiProblem && problem.status === 404)
    return (
      <Empty icon="scale" title={t('seller.case.missing')}>
        {t('seller.case.missing_hint')}
      </Empty>
    )
  return (
    <Empty
      icon="alert"
      title={t('seller.case.failed')}
      action={
        <Button kind="primary" onClick={() => void store.load()}>
          {t('seller.retry')}
        </Button>
      }
    >
      {t('seller.nothing_lost')}
    </Empty>
  )
}
