import { useSignal } from '@preact/signals'
import { t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import { moment } from '../core/time.ts'
import type { Page as PageOf } from '../core/types.ts'
import { api } from '../desk/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { toast } from '../ui/toast.tsx'
import { useLoaded, Wait } from './loaded.tsx'
import { Page } from './page.tsx'
import type { Delivery, Endpoint } from './types.ts'

const URL = '/api/v1/admin/webhooks/deliveries'

interface Log {
  deliveries: PageOf<Delivery>
  addresses: Map<string, string>
}

async function fetchLog(): Promise<Log> {
  const [deliveries, endpoints] = await Promise.all([
    api.get<PageOf<Delivery>>(URL),
    api.get<Endpoint[]>('/api/v1/admin/webhooks/endpoints'),
  ])
  return { deliveries, addresses: new Map(endpoints.map(({ id, url }) => [id, url])) }
}

export function Deliveries() {
  const log = useLoaded('deliveries', fetchLog)
  const more = async () => {
    const known = log.data.peek()
    if (!known?.deliveries.next) return
    try {
      const cursor = known.deliveries.next
      const { items, next } = await api.get<PageOf<Delivery>>(URL, { query: { cursor } })
      log.data.value = {
        ...known,
        deliveries: { items: [...known.deliveries.items, ...items], next },
      }
    } catch {
      toast(t('admin.failed'))
    }
  }
  return (
    <Page title={t('admin.deliveries.title')} lead={t('admin.deliveries.lead')}>
      <Wait of={log} label={t('admin.deliveries.title')}>
        {({ deliveries, addresses }) =>
          deliveries.items.length === 0 ? (
            <Empty title={t('admin.deliveries.empty')} icon="open">
              {t('admin.deliveries.empty_hint')}
            </Empty>
          ) : (
            <section>
              <Button small icon="refresh" busy={log.busy.value} onClick={log.again}>
                {t('admin.deliveries.refresh')}
              </Button>
              <Table items={deliveries.items} addresses={addresses} again={log.again} />
              {deliveries.next && (
                <Button kind="quiet" wide onClick={() => void more()}>
                  {t('admin.deliveries.more')}
                </Button>
              )}
            </section>
          )
        }
      </Wait>
    </Page>
  )
}

interface TableProps {
  items: Delivery[]
  addresses: Map<string, string>
  again: () => void
}

const COLUMNS = ['event', 'to', 'state', 'attempts', 'response', 'error', 'at'] as const

function Table({ items, addresses, again }: TableProps) {
  return (
    <table class="table deliveries">
      <thead>
        <tr>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(`admin.deliveries.${column}`)}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row
            key={item.id}
            item={item}
            address={addresses.get(item.endpoint) ?? ''}
            again={again}
          />
        ))}
      </tbody>
    </table>
  )
}

function Row({ item, address, again }: { item: Delivery; address: string; again: () => void }) {
  return (
    <tr>
      <th scope="row">
        <code>{item.kind}</code>
      </th>
      <td data-label={t('admin.deliveries.to')} class="address" dir="ltr">
        {address}
      </td>
      <td data-label={t('admin.deliveries.state')}>
        <State item={item} />
      </td>
      <td data-label={t('admin.deliveries.attempts')} class="tabular">
        {item.attempts}
      </td>
      <td data-label={t('admin.deliveries.response')} class="tabular">
        {item.last_status ?? <span class="muted">{t('admin.deliveries.none')}</span>}
      </td>
      <td data-label={t('admin.deliveries.error')} dir="auto">
        {item.last_error ?? <span class="muted">{t('admin.deliveries.none')}</span>}
      </td>
      <td data-label={t('admin.deliveries.at')} class="tabular">
        <Ago at={item.created_at} />
      </td>
      <td>{item.state === 'dead' && <Replay id={item.id} again={again} />}</td>
    </tr>
  )
}

function State({ item }: { item: Delivery }) {
  const kind = { delivered: 'success', dead: 'danger', pending: 'neutral' } as const
  const name = item.state === 'pending' && item.attempts > 0 ? 'retrying' : item.state
  return (
    <>
      <Badge kind={name === 'retrying' ? 'warning' : kind[item.state]}>
        {t(`admin.deliveries.state.${name}`)}
      </Badge>
      {item.next_at && item.attempts > 0 && (
        <div class="muted tabular next">
          {t('admin.deliveries.next', { time: moment(item.next_at) })}
        </div>
      )}
    </>
  )
}

function Replay({ id, again }: { id: string; again: () => void }) {
  const busy = useSignal(false)
  const replay = async () => {
    busy.value = true
    try {
      await api.post(
        `${URL}/{delivery_id}/replay`,
        { id: uuid4() },
        {
          path: { delivery_id: id },
        },
      )
      toast(t('admin.deliveries.replayed'))
      again()
    } catch {
      toast(t('admin.failed'))
    } finally {
      busy.value = false
    }
  }
  return (
    <Button small busy={busy.value} onClick={() => void replay()}>
      {t('admin.deliveries.replay')}
    </Button>
  )
}
