import './quick.css'
import '../ui/more_icons.ts'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { Conversation, OrderSummary, Page } from '../core/types.ts'
import { useResource } from '../panel/resource.ts'
import { go } from '../panel/router.ts'
import { List, Row } from '../panel/row.tsx'
import { api, boot, place, signedIn } from '../panel/state.ts'
import { Button } from '../ui/button.tsx'
import type { IconName } from '../ui/icon.tsx'
import { Icon } from '../ui/icon.tsx'
import { Skeleton } from '../ui/states.tsx'
import { FixCard } from './card.tsx'
import { CASES, isPage, isRequest, needsOrder, pageFor, VIEWS } from './kinds.ts'
import { useReveal } from './reveal.ts'
import { begin, fixAt } from './run.ts'
import { ready } from './texts.ts'

export interface QuickActionsProps {
  /** Action keys of the answer. */
  actions: readonly string[]
  order: string | null
  conversation?: string | null
  question?: string | null
}

const ICONS: Record<string, IconName> = {
  track_parcel: 'box',
  show_orders: 'box',
  cancel_order: 'close',
  confirm_receipt: 'check',
  contact_seller: 'store',
  open_dispute: 'scale',
  start_chat: 'person',
  request_refund_status: 'refresh',
}

/** Under an answer: what can be done at once, as buttons; a question before anything changes. */
export function QuickActions(props: QuickActionsProps) {
  const { conversation = null, question = null } = props
  const order = useOrder(props.order, conversation)
  const choosing = useSignal<string | null>(null)
  const where = conversation ?? `${question}.${props.order}`
  const fix = fixAt(where)
  const pages = usePages(props.actions.some(isPage))
  if (!ready()) return null
  if (fix.value) return <FixCard where={where} fix={fix.value} />
  const shown = props.actions.filter((key) => (isPage(key) ? pages[key] : isKnown(key)))
  if (!shown.length) return null

  const run = (key: string, ref: string) => {
    choosing.value = null
    if (key === 'show_snapshot') go({ name: 'order', order: ref })
    else if (key === 'open_dispute' || key in CASES)
      go({ name: 'cases', order: ref, reason: CASES[key] ?? null, conversation })
    else if (isRequest(key))
      begin(where, key, {
        order: ref,
        conversation,
        question,
      })
  }
  const press = (key: string) => {
    if (key === 'start_chat') void toPerson(conversation, question, order.value)
    else if (key === 'show_orders') go({ name: 'orders' })
    else if (key === 'show_case' || key === 'appeal_decision') go({ name: 'cases' })
    else if (!needsOrder(key)) return
    else if (order.value) run(key, order.value)
    else choosing.value = key
  }
  if (choosing.value) {
    const key = choosing.value
    return (
      <ChooseOrder
        onPick={(ref) => run(key, ref)}
        onBack={() => {
          choosing.value = null
        }}
      />
    )
  }
  return (
    <ul class="choices quick-actions" aria-label={t('quick.actions')}>
      {shown.map((key) => (
        <li key={key}>
          {isPage(key) ? (
            <a
              class="button plain small"
              href={pageFor(pages[key]!, order.value)}
              target="_blank"
              rel="noopener"
            >
              <Icon name="open" size={18} />
              {t(`quick.action.${key}`)}
            </a>
          ) : (
            <Button small icon={ICONS[key] ?? 'note'} onClick={() => press(key)}>
              {t(`quick.action.${key}`)}
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}

function isKnown(key: string): boolean {
  return isRequest(key) || key in CASES || (VIEWS as readonly string[]).includes(key)
}

async function toPerson(
  conversation: string | null,
  question: string | null,
  order: string | null,
): Promise<void> {
  if (!conversation) return go({ name: 'contact', question, order })
  const { askPerson } = await import('../panel/chat.ts')
  await askPerson(conversation).catch(() => go({ name: 'contact', question, order }))
}

/** The order that is meant: given, the conversation's, or the one whose page the buyer is on. */
function useOrder(given: string | null, conversation: string | null) {
  const found = useSignal<string | null>(given ?? (conversation ? null : place.value.order))
  useEffect(() => {
    if (given || !conversation) return
    const path = { id: conversation }
    api.get<Conversation>('/api/v1/conversations/{id}', { path }).then(
      ({ order_ref }) => {
        found.value = order_ref ?? place.value.order
      },
      () => {
        found.value = place.value.order
      },
    )
  }, [given, conversation])
  return found
}

let known: Record<string, string> | null = null

/** The site's own pages; asked for once, and only where an answer needs one. */
function usePages(needed: boolean): Record<string, string> {
  const pages = useSignal(known ?? {})
  useEffect(() => {
    if (!needed || known) return
    api
      .get<{ pages: Record<string, string> }>('/api/v1/sites/{key}/pages', {
        path: { key: boot.site },
      })
      .then(
        (answer) => {
          known = answer.pages
          pages.value = known
        },
        () => {},
      )
  }, [needed])
  return pages.value
}

interface ChooseProps {
  onPick(ref: string): void
  onBack(): void
}

function ChooseOrder({ onPick, onBack }: ChooseProps) {
  const page = useResource('quick.choose', async () =>
    signedIn.value
      ? (await api.get<Page<OrderSummary>>('/api/v1/orders', { query: { limit: 5 } })).items
      : [],
  )
  const items = page.data.value
  const card = useReveal('choose', items)
  return (
    <section class="quick-card" ref={card} tabIndex={-1} aria-label={t('quick.choose')}>
      <p class="quick-ask">{t('quick.choose')}</p>
      {!signedIn.value ? (
        <p class="small">{t('quick.choose.sign_in')}</p>
      ) : items === null && !page.problem.value ? (
        <Skeleton label={t('panel.loading')} lines={2} />
      ) : !items?.length ? (
        <p class="small">{t('quick.choose.none')}</p>
      ) : (
        <List label={t('quick.choose')}>
          {items.map((order) => (
            <li key={order.ref}>
              <Row title={order.title} detail={order.ref} onClick={() => onPick(order.ref)} />
            </li>
          ))}
        </List>
      )}
      <div class="choices">
        <Button small kind="quiet" onClick={onBack}>
          {t('panel.back')}
        </Button>
      </div>
    </section>
  )
}
