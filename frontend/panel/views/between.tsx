import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ChangeRow, Row } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import type { Author } from '../../core/types.ts'

const THINKING = 12_000

/** The assistant is on it: shown for a moment, never for ever. */
export function Thinking({ last, me }: { last: Row | undefined; me: Author }) {
  const said = last?.type === 'message' && last.message.author.id === me.id ? last : null
  // What is asked of an order is answered by others: the assistant does not think about it.
  const asked = said && !said.message.extra?.request ? said.key : null
  const shown = useSignal<string | null>(null)
  useEffect(() => {
    shown.value = asked
    const timer = setTimeout(() => {
      shown.value = null
    }, THINKING)
    return () => clearTimeout(timer)
  }, [asked])
  if (!asked || shown.value !== asked) return null
  return (
    <p class="thinking">
      <span class="visually-hidden">{t('panel.thinking')}</span>
    </p>
  )
}

/** What happened between the messages, in the buyer's words; null = nothing to say. */
export function changeText({ event }: ChangeRow): string | null {
  if (event.kind === 'assigned')
    return event.data.operator ? t('panel.change.joined', { name: event.data.operator.name }) : null
  if (event.kind === 'joined') return t('panel.change.kept')
  if (event.kind === 'order')
    return event.data.order_ref ? t('panel.change.order', { ref: event.data.order_ref }) : null
  if (event.kind === 'merged' || event.kind === 'split')
    return t(`panel.change.${event.kind}${event.data.into ? '_into' : ''}`)
  if (event.kind !== 'state') return null
  const { from, to, reason } = event.data
  if (to === 'waiting')
    return from === 'resolved'
      ? t('panel.change.reopened')
      : from === 'assigned'
        ? t('panel.change.returned')
        : t('panel.change.waiting')
  if (to === 'deferred' && reason === 'absent') return t('panel.change.absent')
  if (to === 'resolved' || to === 'deferred' || to === 'snoozed') return t(`panel.change.${to}`)
  return null
}

export function Change({ row }: { row: ChangeRow }) {
  const text = changeText(row)
  return text ? (
    <p class="change" dir="auto">
      {text}
    </p>
  ) : null
}
