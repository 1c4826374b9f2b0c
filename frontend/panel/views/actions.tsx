import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { go } from '../router.ts'

/** Quick actions that the panel can do by itself; the others are explained by the answer's text. */
const NEEDS_ORDER = ['track_parcel', 'request_refund_status', 'show_snapshot']

export function Actions({ actions, order }: { actions: string[]; order: string | null }) {
  const known = actions.filter((key) => key === 'show_orders' || NEEDS_ORDER.includes(key))
  // With an order at hand all of these lead to the same page.
  const shown = order && known.length > 1 ? known.slice(0, 1) : known
  if (!shown.length) return null
  return (
    <div class="choices">
      {shown.map((key) => (
        <Button
          key={key}
          icon="box"
          small
          onClick={() => go(order ? { name: 'order', order } : { name: 'orders' })}
        >
          {t(`panel.action.${key}`)}
        </Button>
      ))}
    </div>
  )
}
