import { useEffect, useMemo } from 'preact/hooks'
import { ApiProblem } from '../../core/api.ts'
import { type Case, CaseStore } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { DecisionBox } from '../../ui/case/decision.tsx'
import { DueBanner } from '../../ui/case/due.tsx'
import { EvidenceAskedBox } from '../../ui/case/evidence.tsx'
import { caseTrouble } from '../../ui/case/files.tsx'
import { MoneyFacts } from '../../ui/case/money.tsx'
import { OfferBox } from '../../ui/case/offers.tsx'
import { Parcels } from '../../ui/case/snapshot.tsx'
import { Stages } from '../../ui/case/stages.tsx'
import { Timeline } from '../../ui/case/timeline.tsx'
import { Empty, Notice, Skeleton } from '../../ui/states.tsx'
import { path } from '../routes.ts'
import { CaseHead } from './case-head.tsx'
import { useCaseKeys } from './case-keys.ts'
import { Compare } from './compare.tsx'
import { Deeds } from './deeds.tsx'
import type { CaseFilters } from './filters.ts'
import { About, Histories, Notes } from './staff.tsx'
import { client, type WorkList } from './work.ts'

export interface CasePageProps {
  id: string
  work: WorkList
  filters: CaseFilters
}

/** One case as an operator reads it, with what can be done about it. */
export function CasePage({ id, work, filters }: CasePageProps) {
  const store = useMemo(() => new CaseStore(client, id), [id])
  const item = store.item.value
  useEffect(() => {
    void store.load()
    return store.follow()
  }, [store])
  useCaseKeys(store, work, filters)
  // What was done here may have moved it to another list.
  const version = item?.version
  useEffect(() => {
    if (version !== undefined) void work.refresh()
  }, [work, version])
  return (
    <section class="desk-case" aria-label={item ? item.number : t('desk.cases.case')}>
      <CaseHead item={item} store={store} work={work} filters={filters} id={id} />
      <Trouble store={store} filters={filters} />
      {item ? <Whole item={item} store={store} /> : <Shape store={store} />}
    </section>
  )
}

function Shape({ store }: { store: CaseStore }) {
  return store.problem.value ? null : (
    <div class="desk-case-wait">
      <Skeleton label={t('desk.cases.case')} lines={7} />
    </div>
  )
}

/** It could not be read: it is not there for us, or not now. */
function Trouble({ store, filters }: { store: CaseStore; filters: CaseFilters }) {
  const problem = store.problem.value
  if (!problem) return null
  if (problem instanceof ApiProblem && problem.status === 404)
    return (
      <Empty
        icon="scale"
        title={t('desk.cases.missing')}
        action={
          <a class="button plain" href={path({ app: 'cases', id: null, filters })}>
            {t('desk.cases.back')}
          </a>
        }
      >
        {t('desk.cases.missing_hint')}
      </Empty>
    )
  return (
    <Notice
      kind="warning"
      action={
        <Button small onClick={() => void store.load()}>
          {t('desk.inbox.refresh')}
        </Button>
      }
    >
      {caseTrouble(problem)}
    </Notice>
  )
}

function Whole({ item, store }: { item: Case; store: CaseStore }) {
  const { staff } = item
  const alarm = staff?.alarm
  return (
    <>
      <Stages stages={item.stages} />
      {staff?.conflict && <Notice kind="danger">{staff.conflict}</Notice>}
      {alarm && (
        <Notice kind="warning">
          {typeof alarm === 'string' ? alarm : t('desk.cases.alarm_hint')}
        </Notice>
      )}
      <div class="desk-case-grid">
        <div class="desk-case-main">
          {/* Whoever may not decide is not the one who acts. */}
          <DueBanner item={staff?.conflict ? { ...item, yours: false } : item} />
          <EvidenceAskedBox item={item} />
          <Compare item={item} />
          <OfferBox item={item} />
          <DecisionBox item={item} />
          <Deeds item={item} store={store} />
          <Timeline item={item} />
        </div>
        <aside class="desk-case-side" aria-label={t('desk.cases.beside')}>
          <MoneyFacts item={item} />
          <Parcels parcels={item.parcels} />
          {staff && <Histories staff={staff} store={item.line?.store.name} />}
          {staff && <Notes staff={staff} store={store} />}
          <About item={item} />
        </aside>
      </div>
    </>
  )
}
