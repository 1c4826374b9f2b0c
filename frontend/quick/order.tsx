import './quick.css'
import '../ui/more_icons.ts'
import { t } from '../core/i18n.ts'
import { date } from '../core/time.ts'
import type { Order, OrderRequests } from '../core/types.ts'
import { useResource } from '../panel/resource.ts'
import { api } from '../panel/state.ts'
import { Icon } from '../ui/icon.tsx'
import { QuickActions } from './actions.tsx'
import { fixAt } from './run.ts'
import { ready } from './texts.ts'

const FIRST = ['track_parcel', 'cancel_order', 'change_address', 'confirm_receipt']
const MOST = 5

/** What is possible but would only be in the way of this order is left to the answers. */
function fits(kind: string, { state, problem }: Order): boolean {
  // It has its own place on the order.
  if (kind === 'open_dispute') return false
  if (kind === 'upload_payment_proof') return state === 'unpaid'
  if (kind === 'request_refund_status')
    return problem === 'refund_pending' || state === 'cancelled' || state === 'unavailable'
  return true
}

/** On an order: what can be done with it now, and what was asked before. */
export function OrderFixes({ order: whole }: { order: Order }) {
  const order = whole.ref
  const found = useResource(order, () =>
    api.get<OrderRequests>('/api/v1/orders/{ref}/requests', { path: { ref: order } }),
  )
  const where = `order.${order}`
  const { value } = found.data
  if (!ready() || !(value || fixAt(where).value)) return null
  const possible = (value?.possible ?? [])
    .filter((one) => one.possible && fits(one.kind, whole))
    .map(({ kind }) => kind)
  const rank = (kind: string) => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length)
  const actions = [...possible].sort((a, b) => rank(a) - rank(b))
  return (
    <section class="quick-order">
      {(actions.length > 0 || fixAt(where).value) && <h2>{t('quick.actions')}</h2>}
      <QuickActions actions={actions} order={order} question={where} />
      {value && value.requests.length > 0 && (
        <>
          <h2>{t('quick.requests')}</h2>
          <ul class="cards">
            {value.requests.slice(0, MOST).map((request) => (
              <li key={request.id} class="card quick-request">
                <span class="facts-head">
                  <strong>{t(`quick.action.${request.kind}`)}</strong>
                  <span class={`quick-state ${request.state}`}>
                    <Icon
                      name={
                        request.state === 'done'
                          ? 'check'
                          : request.state === 'refused'
                            ? 'alert'
                            : 'clock'
                      }
                      size={16}
                    />
                    {t(
                      `quick.state.${request.kind === 'open_dispute' && request.state === 'asked' ? 'person' : request.state}`,
                    )}
                  </span>
                </span>
                <span class="muted small">
                  <time dateTime={request.made_at}>{date(request.made_at)}</time>
                </span>
                {request.text && (
                  <p class="small" dir="auto">
                    {request.text}
                  </p>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
