import './case.css'
import type { ComponentChildren } from 'preact'
import type { Case, CaseStore } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Button } from '../button.tsx'
import { Empty, Notice, Skeleton } from '../states.tsx'
import { Actions } from './actions.tsx'
import { DecisionBox } from './decision.tsx'
import { DueBanner } from './due.tsx'
import { Evidence, EvidenceAskedBox } from './evidence.tsx'
import { caseTrouble } from './files.tsx'
import { MoneyFacts } from './money.tsx'
import { OfferBox } from './offers.tsx'
import { Parcels, Snapshot } from './snapshot.tsx'
import { Stages } from './stages.tsx'
import { ready } from './texts.ts'
import { Timeline } from './timeline.tsx'

export interface CaseBodyProps {
  store: CaseStore
  /** Begins the places of drafts: the person's id. */
  place: string
  /** Between what happens now and the rest, such as a warning. */
  top?: ComponentChildren
  /** At the end: ways on from here. */
  end?: (item: Case) => ComponentChildren
}

/** A case as buyer and seller see it, loudest first. */
export function CaseBody({ store, place, top, end }: CaseBodyProps) {
  const item = store.item.value
  if (!ready()) return <Skeleton label="…" lines={5} />
  if (!item) {
    if (store.problem.value) return <CaseTrouble store={store} />
    return <Skeleton label={t('case.loading')} lines={5} />
  }
  return (
    <div class="case">
      {store.problem.value !== null && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={() => void store.load()}>
              {t('case.retry')}
            </Button>
          }
        >
          {caseTrouble(store.problem.value)}
        </Notice>
      )}
      <DueBanner item={item} />
      {top}
      <EvidenceAskedBox item={item} />
      <DecisionBox item={item} />
      <OfferBox item={item} />
      <Actions store={store} place={place} />
      <MoneyFacts item={item} />
      <Stages stages={item.stages} />
      <Timeline item={item} />
      <Evidence item={item} />
      <Snapshot item={item} />
      <Parcels parcels={item.parcels} />
      {end?.(item)}
    </div>
  )
}

/** It could not be read: what happened, that nothing was lost, and what to do. */
export function CaseTrouble({ store }: { store: CaseStore }) {
  return (
    <div role="alert">
      <Empty
        icon="alert"
        title={t('case.trouble.title')}
        action={
          <Button icon="refresh" onClick={() => void store.load()}>
            {t('case.retry')}
          </Button>
        }
      >
        {caseTrouble(store.problem.value)}
      </Empty>
    </div>
  )
}
