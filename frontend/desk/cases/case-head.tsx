import type { Case, CaseStore } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { go, path } from '../routes.ts'
import { decisive } from './deeds.tsx'
import type { CaseFilters } from './filters.ts'
import type { WorkList } from './work.ts'
import { handOf } from './work-list.tsx'

interface HeadProps {
  id: string
  item: Case | null
  store: CaseStore
  work: WorkList
  filters: CaseFilters
}

/** Which case, how much, in whose hands; and the way to its neighbours in the list. */
export function CaseHead({ id, item, store, work, filters }: HeadProps) {
  return (
    <header class="desk-case-head">
      <div class="desk-case-way">
        <a class="desk-case-back" href={path({ app: 'cases', id: null, filters })}>
          <Icon name="back" size={16} />
          {t(`desk.cases.list.${filters.list}`)}
        </a>
        <Neighbours id={id} work={work} filters={filters} />
      </div>
      {item && (
        <div class="desk-case-title">
          <h2>
            <span class="tabular muted" dir="ltr">
              {item.number}
            </span>{' '}
            {item.reason_label}
          </h2>
          <Badge kind={item.closed_at ? 'neutral' : item.yours ? 'accent' : 'neutral'}>
            {item.state_label}
          </Badge>
          {Boolean(item.requested.amount?.amount) && (
            <strong class="desk-case-sum tabular">{money(item.requested.amount!)}</strong>
          )}
          <Hands item={item} store={store} />
        </div>
      )}
    </header>
  )
}

function Neighbours({ id, work, filters }: { id: string; work: WorkList; filters: CaseFilters }) {
  const rows = work.rows.value ?? []
  const at = rows.findIndex((row) => row.id === id)
  const to = (step: 1 | -1) => {
    const row = work.neighbour(id, step)
    if (row) go({ app: 'cases', id: row.id, filters }, true)
  }
  return (
    <span class="desk-case-steps">
      {at >= 0 && (
        <span class="muted tabular small">
          {t('desk.cases.place', { at: at + 1, all: rows.length })}
        </span>
      )}
      <IconButton
        icon="back"
        label={t('desk.cases.keys.previous')}
        disabled={at === 0 || !rows.length}
        onClick={() => to(-1)}
      />
      <IconButton
        icon="forward"
        label={t('desk.cases.keys.next')}
        disabled={!rows.length || at === rows.length - 1}
        onClick={() => to(1)}
      />
    </span>
  )
}

/** Who has it; taking it, giving it back. */
function Hands({ item, store }: { item: Case; store: CaseStore }) {
  const deed = handDeed(item)
  const settling = decisive(item)
  return (
    <span class="desk-case-hands">
      <span class="muted">
        {item.operator ? t('desk.cases.with', { name: handOf(item) }) : t('desk.cases.nobody')}
      </span>
      {item.staff && (
        <span class="muted small tabular">{t('desk.cases.load', { n: item.staff.load })}</span>
      )}
      {settling && store.chosen.value !== settling.key && (
        <Button small onClick={() => store.choose(settling.key)}>
          {settling.label}
        </Button>
      )}
      {deed && (
        <Button small busy={store.busy.value === deed} onClick={() => void store.act(deed)}>
          {t(deed === 'take' ? 'desk.cases.keys.take' : 'desk.cases.keys.release')}
        </Button>
      )}
    </span>
  )
}

/** Whether it can be taken or given back now: the server says what is offered. */
export function handDeed(item: Case | null): 'take' | 'release_case' | null {
  const offered = item?.actions.map(({ key }) => key) ?? []
  if (offered.includes('release_case')) return 'release_case'
  return offered.includes('take') ? 'take' : null
}
