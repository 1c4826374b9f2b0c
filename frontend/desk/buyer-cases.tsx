import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { money } from '../core/money.ts'
import type { components } from '../core/schema.d.ts'
import { Badge } from '../ui/badge.tsx'
import { Ago } from '../ui/time.tsx'
import { FIRST } from './cases/filters.ts'
import { path } from './routes.ts'
import { api } from './session.ts'

type Row = components['schemas']['CaseRowOut']

const URL = '/api/v1/desk/cases'
const SHOWN = 5

/** The open cases of whoever asks, then how the latest ended. Nothing where there are none. */
export function BuyerCases({ buyer }: { buyer: string }) {
  const rows = useSignal<readonly Row[]>([])
  useEffect(() => {
    let current = true
    const read = (list: 'all' | 'closed') => {
      const query = { list, buyer, order_by: 'newest', limit: SHOWN } as const
      return api.get<{ items: Row[] }>(URL, { query })
    }
    Promise.all([read('all'), read('closed')]).then(
      ([open, closed]) => {
        if (current) rows.value = [...open.items, ...closed.items].slice(0, SHOWN)
      },
      () => {
        // Beside an answer that is being written nothing is said about what did not come.
        if (current) rows.value = []
      },
    )
    return () => {
      current = false
    }
  }, [buyer, rows])
  if (!rows.value.length) return null
  return (
    <section>
      <h2>{t('desk.context.cases')}</h2>
      <ul class="plain-list">
        {rows.value.map((row) => (
          <li key={row.id}>
            <a
              class="earlier"
              href={path({
                app: 'cases',
                id: row.id,
                filters: { ...FIRST, list: row.closed_at ? 'closed' : 'all' },
              })}
            >
              <span class="pair">
                <span>{row.reason_label}</span>
                {row.amount && <strong class="tabular">{money(row.amount)}</strong>}
              </span>
              <span class="pair">
                <Badge kind={row.closed_at ? 'neutral' : row.alarm ? 'danger' : 'accent'}>
                  {row.outcome_label ?? row.state_label}
                </Badge>
                <span class="muted tabular">
                  <Ago at={row.closed_at ?? row.opened_at} />
                </span>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
