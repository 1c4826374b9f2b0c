import { useEffect, useMemo, useRef } from 'preact/hooks'
import { ApiProblem } from '../core/api.ts'
import { type Case, CaseStore, Cases, exportUrl } from '../core/cases.ts'
import { language, t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { CaseBody } from '../ui/case/body.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty } from '../ui/states.tsx'
import { toast } from '../ui/toast.tsx'
import { save } from './files.ts'
import { path, place } from './routes.ts'
import { api, bearer, me, resume } from './session.ts'

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
        {item && <Title item={item} />}
        {missing(store) ? (
          <Missing />
        ) : (
          <CaseBody store={store} place={me().id} end={(shown) => <Keep item={shown} />} />
        )}
      </div>
    </section>
  )
}

function Title({ item }: { item: Case }) {
  return (
    <header class="case-title">
      <h2 dir="auto">{item.line?.title ?? t('seller.case.order', { ref: item.order })}</h2>
      <p class="muted">
        {item.reason_label} · {item.number} · {t('seller.row.order', { ref: item.order })}
      </p>
    </header>
  )
}

/** The whole case to keep: a page to read, or its data with the chain of its steps. */
function Keep({ item }: { item: Case }) {
  const keep = (format: 'html' | 'json') =>
    void save(exportUrl(item.id, format), `${item.number}.${format}`).catch(() =>
      toast(t('seller.failed')),
    )
  return (
    <div class="case-keep">
      <Button small icon="download" onClick={() => keep('html')}>
        {t('seller.case.keep_page')}
      </Button>
      <Button small icon="download" onClick={() => keep('json')}>
        {t('seller.case.keep_data')}
      </Button>
    </div>
  )
}

function missing({ item, problem }: CaseStore): boolean {
  const why = problem.value
  return !item.value && why instanceof ApiProblem && [404, 422].includes(why.status)
}

/** Somebody else's case looks like one that never was. */
function Missing() {
  return (
    <Empty icon="scale" title={t('seller.case.missing')}>
      {t('seller.case.missing_hint')}
    </Empty>
  )
}
