import './views.css'
import { useEffect } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import { startClock } from '../../core/time.ts'
import { ready } from '../../ui/case/texts.ts'
import { useResource } from '../resource.ts'
import { go } from '../router.ts'
import { List, Row } from '../row.tsx'
import { session } from '../state.ts'
import { cases } from './case_client.ts'
import { Rows } from './cases.tsx'

/** On an order: the cases about it with their dates, and the way to a new one. */
export function OrderCases({ order }: { order: string }) {
  const found = useResource(`${order} ${session.person.value?.id}`, () =>
    cases.list({ order, order_by: 'newest', limit: 5 }),
  )
  useEffect(startClock, [])
  const items = ready() ? (found.data.value?.items ?? []) : []
  return (
    <section aria-label={t('panel.cases.about_order')}>
      {items.length > 0 && (
        <>
          <h2>{t('panel.cases.about_order')}</h2>
          <Rows rows={items} label={t('panel.cases.about_order')} />
        </>
      )}
      <List>
        <li>
          <Row
            icon="scale"
            title={t('panel.cases.open')}
            detail={t('panel.cases.open_detail')}
            onClick={() => go({ name: 'cases', order })}
          />
        </li>
      </List>
    </section>
  )
}
