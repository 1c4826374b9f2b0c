import './views.css'
import './case.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { CaseRow } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { startClock } from '../../core/time.ts'
import { Button } from '../../ui/button.tsx'
import { CaseLine } from '../../ui/case/row.tsx'
import { ready } from '../../ui/case/texts.ts'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { lazy } from '../lazy.tsx'
import { useResource } from '../resource.ts'
import { go, type View } from '../router.ts'
import { List } from '../row.tsx'
import { Screen } from '../screen.tsx'
import { session, signedIn } from '../state.ts'
import { Trouble } from '../trouble.tsx'
import { cases } from './case_client.ts'
import { CaseSoon } from './case_soon.tsx'

const CasePage = lazy(() => import('./case_page.tsx'), 'CasePage')
const CaseNew = lazy(() => import('./case_new.tsx'), 'CaseNew')

type Props = Extract<View, { name: 'cases' }>

/** My cases, one of them, or a new one: all of it comes only when it is asked for. */
export function CasesView(props: Props) {
  useEffect(startClock, [])
  if (!ready()) return <CaseSoon />
  if (props.id) return <CasePage id={props.id} {...(props.existed && { existed: true })} />
  if (props.order) return <CaseNew {...props} order={props.order} />
  return (
    <Screen title={t('case.mine')}>
      {signedIn.value ? (
        <Mine />
      ) : (
        <Empty icon="scale" title={t('case.mine.sign_in')}>
          {t('case.mine.sign_in_how')}
        </Empty>
      )}
    </Screen>
  )
}

function Mine() {
  const who = session.person.value?.id ?? ''
  const closed = useSignal(false)
  const open = useResource(`open ${who}`, () =>
    cases.list({ state: 'open', order_by: 'due', limit: 50 }),
  )
  const past = useResource(`closed ${who} ${closed.value}`, () =>
    closed.value
      ? cases.list({ state: 'closed', order_by: 'newest', limit: 50 })
      : Promise.resolve(null),
  )
  if (open.problem.value) return <Trouble problem={open.problem.value} retry={open.reload} />
  const items = open.data.value?.items
  if (!items) return <Skeleton label={t('case.loading')} lines={4} />
  return (
    <>
      {items.length ? (
        <section>
          <Rows rows={items} label={t('case.mine.open')} />
        </section>
      ) : (
        <Empty
          icon="scale"
          title={t('case.mine.none')}
          action={
            <Button kind="primary" onClick={() => go({ name: 'orders' })}>
              {t('case.mine.choose_order')}
            </Button>
          }
        >
          {t('case.mine.none_detail')}
        </Empty>
      )}
      {!closed.value ? (
        <Button
          kind="quiet"
          onClick={() => {
            closed.value = true
          }}
        >
          {t('case.mine.show_closed')}
        </Button>
      ) : past.problem.value ? (
        <Trouble problem={past.problem.value} retry={past.reload} />
      ) : !past.data.value ? (
        <Skeleton label={t('case.loading')} lines={2} />
      ) : (
        <section>
          <h2>{t('case.mine.closed')}</h2>
          {past.data.value.items.length ? (
            <Rows rows={past.data.value.items} label={t('case.mine.closed')} />
          ) : (
            <p class="muted">{t('case.mine.no_closed')}</p>
          )}
        </section>
      )}
    </>
  )
}

export function Rows({ rows, label }: { rows: readonly CaseRow[]; label: string }) {
  return (
    <List label={label}>
      {rows.map((row) => (
        <li key={row.id}>
          <CaseLine row={row} other="store" onOpen={() => go({ name: 'cases', id: row.id })} />
        </li>
      ))}
    </List>
  )
}
