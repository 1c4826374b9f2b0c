import { useSignal } from '@preact/signals'
import { language, languageName, t } from '../core/i18n.ts'
import { money } from '../core/money.ts'
import { date, exact } from '../core/time.ts'
import type { Conversation, Order, OrderRequest, OrderSummary } from '../core/types.ts'
import { Badge } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { Notice, Skeleton } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { topicName } from './inbox.ts'
import type { Open } from './open.ts'
import { Deadlines, OrderBadges, OrderCard } from './order-card.tsx'
import { path } from './routes.ts'
import { api } from './session.ts'
import type { Context } from './types.ts'

/** Who this is and what it is about, beside the conversation. */
export function ContextPane({ open, onBack }: { open: Open; onBack: () => void }) {
  const context = open.context.value
  return (
    <section class="context" aria-label={t('desk.context.label')}>
      <IconButton
        class="context-close"
        icon="back"
        label={t('desk.action.close_context')}
        onClick={onBack}
      />
      {open.contextFailed.value && <Notice kind="warning">{t('desk.context.failed')}</Notice>}
      {context ? (
        <>
          <Buyer context={context} />
          <About order={context.order} />
          <Requests requests={context.requests} />
          <Orders context={context} />
          <Earlier conversations={context.earlier} />
        </>
      ) : (
        !open.contextFailed.value &&
        !open.failure.value && <Skeleton label={t('desk.context.label')} lines={5} />
      )}
    </section>
  )
}

function Buyer({ context: { buyer } }: { context: Context }) {
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
        {buyer.ref && !buyer.visitor && (
          <span class="muted" title={t('desk.context.number')} dir="ltr">
            {buyer.ref}
          </span>
        )}
      </p>
      {buyer.visitor && <p class="muted small">{t('desk.context.visitor_hint')}</p>}
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

function Earlier({ conversations }: { conversations: Conversation[] }) {
  return (
    <section>
      <h2>{t('desk.context.earlier')}</h2>
      {conversations.length === 0 && <p class="muted">{t('desk.context.earlier_none')}</p>}
      <ul class="plain-list">
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <a class="earlier" href={path({ app: 'desk', view: 'all', id: conversation.id })}>
              <span class="pair">
                <span>
                  {conversation.topic
                    ? topicName(conversation.topic)
                    : t(`desk.channel.${conversation.channel}`)}
                </span>
                <span class="muted tabular">
                  <Ago at={conversation.updated_at} />
                </span>
              </span>
              <span class="muted earlier-text cut">
                <bdi>{conversation.preview ?? t(`desk.state.${conversation.state}`)}</bdi>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
