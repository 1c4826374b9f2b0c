import { has, t } from '../core/i18n.ts'
import { money } from '../core/money.ts'
import { date, exact, now } from '../core/time.ts'
import type { Order, OrderLine, OrderSummary } from '../core/types.ts'
import { Badge } from '../ui/badge.tsx'
import { daysSince } from './elapsed.ts'
import { inSentence } from './inbox.ts'

/** Kind of badge for what is wrong with an order. */
const LOUD: Record<string, 'danger' | 'warning' | 'accent'> = {
  late: 'danger',
  unpaid_charged: 'danger',
  listing_removed: 'warning',
  refund_pending: 'warning',
  under_warranty: 'accent',
}

type Headed = Pick<
  OrderSummary,
  'ref' | 'state' | 'problem' | 'total' | 'deliver_by' | 'delivered_at'
>

export function OrderBadges({ order }: { order: Pick<OrderSummary, 'state' | 'problem'> }) {
  return (
    <span class="order-badges">
      <Badge>{named('desk.order.state', order.state)}</Badge>
      {order.problem && (
        <Badge kind={LOUD[order.problem] ?? 'warning'}>
          {named('desk.order.problem', order.problem)}
        </Badge>
      )}
    </span>
  )
}

/** A text for a value of the server; a value we have no word for is shown as it is. */
function named(prefix: string, value: string): string {
  const key = `${prefix}.${value}`
  return has(key) ? t(key) : value.replaceAll('_', ' ')
}

/**
 * The order a conversation is about: money and dates first, then the listing as it was ordered.
 * `below`: under a line that says state and money already.
 */
export function OrderCard({ order, below }: { order: Order; below?: boolean }) {
  return (
    <article class="order-card">
      <header>
        <h3 class="order-ref">{t('desk.order.number', { ref: order.ref })}</h3>
        {!below && <OrderBadges order={order} />}
      </header>
      {!below && <p class="order-total tabular">{money(order.total)}</p>}
      <Deadlines order={order} />
      <h4>{t('desk.order.items')}</h4>
      {order.lines.map((line) => (
        <Line key={line.position} line={line} />
      ))}
      <Payments order={order} />
      <Parcels order={order} />
    </article>
  )
}

/** What is due and when; what is overdue says by how much. */
export function Deadlines({
  order,
}: {
  order: Headed & Partial<Pick<Order, 'placed_at' | 'ship_by'>>
}) {
  const over = ['cancelled', 'unavailable'].includes(order.state)
  const open = !order.delivered_at && !over
  const late = open && order.deliver_by ? daysSince(order.deliver_by, now.value) : 0
  const shipped = ['dispatched', 'delivered'].includes(order.state)
  return (
    <dl class="deadlines">
      {order.delivered_at && <Fact name={t('desk.order.delivered')} at={order.delivered_at} />}
      {order.deliver_by && open && (
        <Fact name={t('desk.order.deliver_by')} at={order.deliver_by} loud>
          {late > 0 && <Badge kind="danger">{t('desk.order.deliver_late', { n: late })}</Badge>}
        </Fact>
      )}
      {order.ship_by && open && !shipped && (
        <Fact name={t('desk.order.ship_by')} at={order.ship_by} loud />
      )}
      {order.placed_at && <Fact name={t('desk.order.placed_short')} at={order.placed_at} />}
    </dl>
  )
}

function Fact(props: {
  name: string
  at: string
  loud?: boolean
  children?: preact.ComponentChildren
}) {
  const { name, at, loud, children } = props
  return (
    <div class={loud ? 'loud' : ''}>
      <dt>{name}</dt>
      <dd>
        <time class="tabular" dateTime={at} title={exact(at)}>
          {date(at)}
        </time>{' '}
        {children}
      </dd>
    </div>
  )
}

function Line({ line }: { line: OrderLine }) {
  const { snapshot, product, store } = line
  const attributes = Object.entries(snapshot.attributes ?? {})
  return (
    <section class="order-line">
      <p class="line-title">
        <bdi>{snapshot.title}</bdi>
      </p>
      <p class="tabular">
        {t('desk.order.line', { quantity: line.quantity, price: money(line.unit_price) })}
      </p>
      <p class="muted">{t('desk.order.store', { name: inSentence(store.name) })}</p>
      {line.warranty_until && (
        <p class="muted">
          {t('desk.order.warranty')}{' '}
          <time class="tabular" dateTime={line.warranty_until} title={exact(line.warranty_until)}>
            {date(line.warranty_until)}
          </time>
        </p>
      )}
      {product.removed_at && (
        <p>
          <Badge kind="warning">
            {t('desk.order.removed', { date: date(product.removed_at) })}
          </Badge>
        </p>
      )}
      <details class="snapshot">
        <summary>{t('desk.order.as_ordered')}</summary>
        <p class="snapshot-text" dir="auto">
          {snapshot.text_known ? snapshot.text : t('desk.order.text_unknown')}
        </p>
        <dl class="facts">
          {snapshot.category && (
            <div>
              <dt>{t('desk.order.category')}</dt>
              <dd dir="auto">{snapshot.category}</dd>
            </div>
          )}
          {attributes.map(([name, value]) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{String(value)}</dd>
            </div>
          ))}
        </dl>
        <p class="muted">{t('desk.order.photos', { n: snapshot.photos })}</p>
        {product.url && !product.removed_at && (
          <a href={product.url} target="_blank" rel="noreferrer">
            {t('desk.order.page')}
          </a>
        )}
      </details>
    </section>
  )
}

function Payments({ order: { payments } }: { order: Order }) {
  return (
    <>
      <h4>{t('desk.order.payments')}</h4>
      {payments.length === 0 && <p class="muted">{t('desk.order.payments_none')}</p>}
      <ul class="plain-list">
        {payments.map((payment) => (
          <li key={`${payment.at}${payment.method}`} class="pair">
            <span>
              <strong class="tabular">{money(payment.amount)}</strong>{' '}
              {t(payment.charged ? 'desk.order.charged' : 'desk.order.not_charged')}
              <span class="muted" dir="auto">
                {' '}
                {named('desk.order.method', payment.method)}
              </span>
            </span>
            <time class="muted tabular" dateTime={payment.at} title={exact(payment.at)}>
              {date(payment.at)}
            </time>
          </li>
        ))}
      </ul>
    </>
  )
}

function Parcels({ order: { parcels } }: { order: Order }) {
  return (
    <>
      <h4>{t('desk.order.parcels')}</h4>
      {parcels.length === 0 && <p class="muted">{t('desk.order.parcels_none')}</p>}
      {parcels.map((parcel) => (
        <section class="parcel" key={`${parcel.carrier}${parcel.tracking}`}>
          <p>
            <strong>{parcel.carrier ?? t('desk.order.carrier_unknown')}</strong>{' '}
            {parcel.tracking && (
              <span class="tabular" dir="auto">
                {parcel.tracking}
              </span>
            )}
          </p>
          {parcel.delivered_at ? (
            <p class="tabular">
              {t('desk.order.delivered_on', { date: date(parcel.delivered_at) })}
            </p>
          ) : (
            parcel.estimated_at && (
              <p class="tabular">
                {t('desk.order.estimated', { date: date(parcel.estimated_at) })}
              </p>
            )
          )}
          {parcel.steps.length > 0 && (
            <details>
              <summary>{t('desk.order.steps')}</summary>
              <ol class="plain-list">
                {parcel.steps.map((step) => (
                  <li key={step.at} class="pair">
                    <span dir="auto">{step.text}</span>
                    <time class="muted tabular" dateTime={step.at} title={exact(step.at)}>
                      {date(step.at)}
                    </time>
                  </li>
                ))}
              </ol>
            </details>
          )}
        </section>
      ))}
    </>
  )
}
