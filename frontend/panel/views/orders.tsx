import './views.css'
import { useSignal } from '@preact/signals'
import { has, t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { date, exact } from '../../core/time.ts'
import type { Order, OrderLine, OrderSummary, Page, Parcel } from '../../core/types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { lazy } from '../lazy.tsx'
import { useResource } from '../resource.ts'
import { go } from '../router.ts'
import { List, Row } from '../row.tsx'
import { Screen } from '../screen.tsx'
import { api, session, signedIn } from '../state.ts'
import { Trouble } from '../trouble.tsx'
import { AboutOrder } from './about_order.tsx'

const OrderCases = lazy(() => import('./order_cases.tsx'), 'OrderCases', true)
const OrderFixes = lazy(() => import('../../quick/order.tsx'), 'OrderFixes', true)

/** My orders: one click away, the latest first. */
export function OrdersView() {
  return (
    <Screen title={t('panel.orders.title')}>
      {signedIn.value ? (
        <OrderList />
      ) : (
        <Empty icon="box" title={t('panel.orders.sign_in')}>
          {t('panel.orders.sign_in_how')}
        </Empty>
      )}
    </Screen>
  )
}

function OrderList() {
  const more = useSignal<OrderSummary[]>([])
  const next = useSignal<string | null>(null)
  const page = useResource(session.person.value?.id ?? '', async () => {
    const first = await read(null)
    more.value = []
    next.value = first.next
    return first.items
  })
  const items = page.data.value
  if (page.problem.value) return <Trouble problem={page.problem.value} retry={page.reload} />
  if (!items) return <Skeleton label={t('panel.loading')} lines={5} />
  if (!items.length)
    return (
      <Empty icon="box" title={t('panel.orders.none')}>
        {t('panel.orders.none_detail')}
      </Empty>
    )
  const loadMore = async () => {
    const following = await read(next.value)
    more.value = [...more.value, ...following.items]
    next.value = following.next
  }
  return (
    <>
      <List label={t('panel.orders.title')}>
        {[...items, ...more.value].map((order) => (
          <li key={order.ref}>
            <Row
              title={order.title}
              badge={<StateBadge order={order} />}
              detail={
                <>
                  {date(order.placed_at)} · <span class="tabular">{money(order.total)}</span>
                </>
              }
              onClick={() => go({ name: 'order', order: order.ref })}
            />
          </li>
        ))}
      </List>
      {next.value && (
        <Button wide onClick={() => void loadMore()}>
          {t('panel.orders.more')}
        </Button>
      )}
    </>
  )
}

function read(cursor: string | null): Promise<Page<OrderSummary>> {
  return api.get('/api/v1/orders', { query: { cursor, limit: 20 } })
}

type Summary = Pick<OrderSummary, 'state' | 'problem'>

function StateBadge({ order }: { order: Summary }) {
  const { problem, state } = order
  if (problem)
    return (
      <Badge kind={problem === 'under_warranty' ? 'neutral' : 'warning'}>
        {label('problem', problem)}
      </Badge>
    )
  return <Badge kind={state === 'delivered' ? 'success' : 'neutral'}>{label('state', state)}</Badge>
}

function label(kind: string, value: string): string {
  const key = `panel.order.${kind}.${value}`
  return has(key) ? t(key) : value
}

/** An order: where it is, what was paid, what was bought; and a question about it. */
export function OrderView({ order: ref }: { order: string }) {
  const order = useResource(ref, () => api.get<Order>('/api/v1/orders/{ref}', { path: { ref } }))
  const { value } = order.data
  return (
    <Screen title={t('panel.order.title', { ref })}>
      {value ? (
        <>
          <Facts order={value} />
          <OrderCases order={value.ref} />
          <OrderFixes order={value} />
          <AboutOrder order={value} />
          {value.parcels.map((parcel) => (
            <ParcelCard key={`${parcel.carrier}${parcel.tracking}`} parcel={parcel} />
          ))}
          <section>
            <h2>{t('panel.order.items')}</h2>
            <ul class="cards">
              {value.lines.map((line) => (
                <Line key={line.position} line={line} />
              ))}
            </ul>
          </section>
          <Payments order={value} />
        </>
      ) : order.problem.value ? (
        <Trouble problem={order.problem.value} retry={order.reload} />
      ) : (
        <Skeleton label={t('panel.loading')} lines={5} />
      )}
    </Screen>
  )
}

/** Sent, or never to be sent: the date by which it must go says nothing any more. */
const ON_ITS_WAY = ['dispatched', 'delivered', 'cancelled', 'unavailable']

function Facts({ order }: { order: Order }) {
  const facts: [string, string | null][] = [
    ['placed', order.placed_at],
    ['ship_by', ON_ITS_WAY.includes(order.state) ? null : order.ship_by],
    ['deliver_by', order.delivered_at ? null : order.deliver_by],
    ['delivered', order.delivered_at],
  ]
  return (
    <div class="card facts">
      <div class="facts-head">
        <strong class="tabular">{money(order.total)}</strong>
        <StateBadge order={order} />
      </div>
      <dl>
        {facts.map(
          ([name, at]) =>
            at && (
              <div key={name}>
                <dt>{t(`panel.order.${name}`)}</dt>
                <dd>
                  <time dateTime={at} title={exact(at)}>
                    {date(at)}
                  </time>
                </dd>
              </div>
            ),
        )}
      </dl>
    </div>
  )
}

function ParcelCard({ parcel }: { parcel: Parcel }) {
  const steps = [...(parcel.steps ?? [])].reverse()
  return (
    <section class="card">
      <div class="facts-head">
        <h2>{t('panel.order.parcel')}</h2>
        <Badge kind={parcel.state === 'delivered' ? 'success' : 'neutral'}>
          {label('parcel_state', parcel.state)}
        </Badge>
      </div>
      <p class="muted">
        {[parcel.carrier, parcel.tracking].filter(Boolean).join(' · ')}
        {parcel.estimated_at && !parcel.delivered_at && (
          <> · {t('panel.order.estimated', { at: date(parcel.estimated_at) })}</>
        )}
      </p>
      {steps.length > 0 && (
        <ol class="steps">
          {steps.map(({ at, text }) => (
            <li key={at + text}>
              <span dir="auto">{text}</span>
              <time class="muted" dateTime={at}>
                {exact(at)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

function Line({ line }: { line: OrderLine }) {
  const { snapshot, product, store } = line
  return (
    <li class="card">
      <div class="facts-head">
        <strong dir="auto">{snapshot.title}</strong>
        <span class="tabular">
          {line.quantity > 1 && `${line.quantity} × `}
          {money(line.unit_price)}
        </span>
      </div>
      <p class="muted" dir="auto">
        {store.name}
      </p>
      {product.removed_at && <p class="small">{t('panel.order.removed')}</p>}
      {line.warranty_until && (
        <p class="small">{t('panel.order.warranty', { at: date(line.warranty_until) })}</p>
      )}
      <details>
        <summary>{t('panel.order.snapshot')}</summary>
        <p class="prose" dir="auto">
          {snapshot.text ?? t('panel.order.snapshot_unknown')}
        </p>
        <dl>
          {Object.entries(snapshot.attributes ?? {}).map(([name, value]) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{String(value)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </li>
  )
}

function Payments({ order }: { order: Order }) {
  if (!order.payments.length) return null
  return (
    <section>
      <h2>{t('panel.order.payments')}</h2>
      <ul class="cards">
        {order.payments.map((payment) => (
          <li class="card facts-head" key={payment.at + payment.method}>
            <span>
              <span dir="auto">{payment.method}</span>
              <span class="muted"> · {label('payment_state', payment.state)}</span>
            </span>
            <span class="tabular">{money(payment.amount)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
