import { t } from '../../core/i18n.ts'
import { path } from '../routes.ts'
import { CASE_LISTS, type CaseFilters, type CaseList } from './filters.ts'
import type { WorkList } from './work.ts'

/** The lists of cases and how many are in each. */
export function CaseRail({ work, filters }: { work: WorkList; filters: CaseFilters }) {
  return (
    <nav class="work-rail" aria-label={t('desk.cases.lists')}>
      {CASE_LISTS.map((list) => (
        <a
          key={list}
          href={path({ app: 'cases', id: null, filters: { list, order: filters.order } })}
          aria-current={list === filters.list ? 'page' : undefined}
        >
          <span>{t(`desk.cases.list.${list}`)}</span> <Count work={work} list={list} />
        </a>
      ))}
    </nav>
  )
}

function Count({ work, list }: { work: WorkList; list: CaseList }) {
  const counts = work.counts.value
  if (!counts || list === 'all' || list === 'closed') return null
  const n = counts[list]
  // Nought of what is an exception is no news.
  if (!n && (list === 'appeals' || list === 'alarms')) return null
  return <span class={`count tabular${list === 'alarms' ? ' loud' : ''}`}>{n}</span>
}
