import { useSignal } from '@preact/signals'
import { language, languageName, t } from '../core/i18n.ts'
import { money } from '../core/money.ts'
import { date, exact, now } from '../core/time.ts'
import type { Order, OrderRequest, OrderSummary } from '../core/types.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Notice, Skeleton } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { BuyerCases } from './buyer-cases.tsx'
import { ratingReason } from './changes.ts'
import type { Desk } from './desk.ts'
import { Earlier } from './earlier.tsx'
import type { Open } from './open.ts'
import { Deadlines, OrderBadges, OrderCard } from './order-card.tsx'
import { api } from './session.ts'
import { standings } from './standings.ts'
import type { Context } from './types.ts'

export interface ContextProps {
  desk: Desk
  open: Open
  onBack: () => void
}

/** Who this is and what it is about, beside the conversation. */
export function ContextPane({ desk, open, onBack }: ContextProps) {
  const context = open.context.value
  const peeked = useSignal<string | null>(null)
  const earlier = (
    <Earlier
      conversations={context?.earlier ?? []}
      peeked={peeked}
      buyer={standings(desk, open).name}
    />
  )
  return (
    <section class="context" aria-label={t('desk.context.label')}>
      <IconButton
        class="context-close"
        icon="back"
        label={t('desk.action.close_context')}
        onClick={onBack}
      />
      {open.contextFailed.value && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={() => void open.load()}>
              {t('desk.inbox.refresh')}
            </Button>
          }
        >
          {t('desk.context.failed')}
        </Notice>
      )}
      {context ? (
        peeked.value ? (
          earlier
        ) : (
          <>
            <Buyer desk={desk} open={open} context={context} />
            <Rating rating={context.rating} />
            <Tags desk={desk} open={open} />
            <About order={context.order} />
            {context.buyer?.ref && !context.buyer.visitor && (
              <BuyerCases buyer={context.buyer.ref} />
            )}
            <Requests requests={context.requests} />
            <Orders context={context} />
            {earlier}
          </>
        )
      ) : (
        !open.contextFailed.value && !open.failure.value && <Shape />
      )}
    </section>
  )
}

/** The shape of what comes: who, which order, what before. */
function Shape() {
  return (
    <>
      <section>
        <Skeleton label={t('desk.context.label')} lines={2} />
      </section>
      {[4, 2, 3].map((lines) => (
        <section key={lines} aria-hidden="true">
          <Skeleton label="" lines={lines} />
        </section>
      ))}
    </>
  )
}

interface BuyerProps {
  desk: Desk
  open: Open
  context: Context
}

function Buyer({ desk, open, context: { buyer, blocked } }: BuyerProps) {
  if (!buyer) return null
  return (
    <section>
      <h2 class="context-name">
        <bdi>{buyer.name || t('desk.row.visitor')}</bdi>
      </h2>
      <p class="buyer-facts">
        <Badge kind={buyer.visitor ? 'warning' : 'success'}>
          {t(buyer.visitor ? 'desk.context.visitor' : 'desk.context.signed_in')}
        </Badge>
        <span>{languageName(buyer.language, language.value)}</span>
        {buyer.zone && <There zone={buyer.zone} />}
        {buyer.ref && !buyer.visitor && (
          <span class="muted" title={t('desk.context.number')} dir="ltr">
            {buyer.ref}
          </span>
        )}
      </p>
      {buyer.visitor && <p class="muted small">{t('desk.context.visitor_hint')}</p>}
      {blocked && (
        <div class="blocked">
          <p>
            <Badge kind="danger">{t('desk.context.blocked')}</Badge>{' '}
            {blocked.until
              ? t('desk.context.blocked_until', { time: exact(blocked.until) })
              : t('desk.context.blocked_always')}
          </p>
          {blocked.reason && <p dir="auto">{blocked.reason}</p>}
          {blocked.appeal && (
            <blockquote class="appeal" dir="auto">
              {blocked.appeal}
            </blockquote>
          )}
          <Button small onClick={() => void desk.thread.handling.unblock(open)}>
            {t('desk.action.unblock')}
          </Button>
        </div>
      )}
    </section>
  )
}

/** What time it is where the buyer is: nobody is told "this evening" in the middle of the night. */
function There({ zone }: { zone: string }) {
  const time = clockIn(zone, now.value)
  if (!time) return null
  return (
    <span class="muted tabular" title={zone}>
      {t('desk.context.there', { time })}
    </span>
  )
}

function clockIn(timeZone: string, at: number): string | null {
  try {
    return new Intl.DateTimeFormat(language.value, {
      timeZone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }).format(at)
  } catch {
    return null
  }
}

const STARS = 5

function Rating({ rating }: { rating: Context['rating'] }) {
  if (!rating) return null
  return (
    <section>
      <h2>{t('desk.context.rating')}</h2>
      <p class="pair">
        <span>
          <strong class="tabular">
            {t('desk.context.score', { score: rating.score, most: STARS })}
          </strong>{' '}
          {ratingReason(rating.reason)}
        </span>
        <span class="muted">
          <Ago at={rating.rated_at} />
        </span>
      </p>
      {rating.comment && (
        <p class="snapshot-text" dir="auto">
          {rating.comment}
        </p>
      )}
    </section>
  )
}

function Tags({ desk, open }: { desk: Desk; open: Open }) {
  const { tags } = standings(desk, open)
  const { handling } = desk.thread
  return (
    <section>
      <h2>{t('desk.tags.title')}</h2>
      <div class="context-tags">
        {tags.map((tag) => (
          <span key={tag} class="tag">
            <bdi>{tag}</bdi>
            <IconButton
              small
              icon="close"
              label={t('desk.tags.remove', { tag })}
              onClick={() => void handling.tag(open, [], [tag])}
            />
          </span>
        ))}
        <Button
          small
          kind="quiet"
          onClick={() => {
            handling.asking.value = 'tags'
          }}
        >
          {t('desk.tags.add')}
        </Button>
      </div>
    </section>
  )
}

function About({ order }: { order: Order | null }) {
  return (
    <section>
      <h2>{t(order ? 'desk.context.order' : 'desk.context.order_none')}</h2>
      {order && <OrderCard order={order} />}
    </section>
  )
}

/** What the buyer asked of orders, and what became of it; never what was written with it. */
function Requests({ requests }: { requests: OrderRequest[] }) {
  if (requests.length === 0) return null
  return (
    <section>
      <h2>{t('desk.request.title')}</h2>
      <ul class="plain-list">
        {requests.map((request) => (
          <li key={request.id}>
            <span class="pair">
              <span>{t(`desk.request.kind.${request.kind}`)}</span>
              <Badge kind={BADGES[request.state]}>{t(`desk.request.state.${request.state}`)}</Badge>
            </span>
            <span class="pair muted">
              <bdi>{request.order}</bdi>
              <Ago at={request.settled_at ?? request.made_at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

const BADGES = { asked: 'neutral', done: 'success', refused: 'warning' } as const

function Orders({ context }: { context: Context }) {
  if (context.buyer?.visitor) return null
  const others = context.orders.filter((order) => order.ref !== context.order?.ref)
  return (
    <section>
      <h2>{t('desk.context.orders')}</h2>
      {others.length === 0 && <p class="muted">{t('desk.context.orders_none')}</p>}
      <ul class="plain-list">
        {others.map((order) => (
          <OtherOrder key={order.ref} order={order} />
        ))}
      </ul>
    </section>
  )
}

function OtherOrder({ order }: { order: OrderSummary }) {
  const full = useSignal<Order | 'failed' | null>(null)
  const load = async (event: Event) => {
    const details = event.currentTarget as HTMLDetailsElement
    if (!details.open || (full.peek() && full.peek() !== 'failed')) return
    try {
      full.value = await api.get<Order>('/api/v1/orders/{ref}', { path: { ref: order.ref } })
    } catch {
      full.value = 'failed'
    }
  }
  return (
    <li>
      <details class="other-order" onToggle={load}>
        <summary>
          <span class="pair">
            <span class="line-title">
              <bdi>{order.title}</bdi>
            </span>
            <strong class="tabular">{money(order.total)}</strong>
          </span>
          <span class="pair">
            <OrderBadges order={order} />
            <time class="muted tabular" dateTime={order.placed_at} title={exact(order.placed_at)}>
              {date(order.placed_at)}
            </time>
          </span>
        </summary>
        {full.value === 'failed' ? (
          <p class="muted">{t('desk.order.failed')}</p>
        ) : full.value ? (
          <OrderCard order={full.value} below />
        ) : (
          <Deadlines order={order} />
        )}
      </details>
    </li>
  )
}
