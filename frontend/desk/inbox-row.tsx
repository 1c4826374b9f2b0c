import { language, languageName, t } from '../core/i18n.ts'
import { exact, now } from '../core/time.ts'
import { Icon } from '../ui/icon.tsx'
import { Badge } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { elapsed } from './elapsed.ts'
import { buyerName, topicName, urgency, waitsForUs } from './inbox.ts'
import { path, type View } from './routes.ts'
import { me } from './session.ts'
import type { InboxRow } from './types.ts'

export interface InboxRowProps {
  row: InboxRow
  view: View
  current: boolean
  draft: boolean
}

export function InboxRowView({ row, view, current, draft }: InboxRowProps) {
  const loud = waitsForUs(row)
  return (
    <li>
      <a
        class={`row ${loud ? 'unanswered' : ''}`}
        href={path({ app: 'desk', view, id: row.id })}
        aria-current={current ? 'true' : undefined}
      >
        <span class="row-name cut">
          <bdi>{buyerName(row)}</bdi>
        </span>
        <Since row={row} />
        <span class="row-text cut">
          <bdi>{lastText(row)}</bdi>
        </span>
        <span class="row-about">
          <span class="row-topic cut">
            <bdi>{about(row)}</bdi>
          </span>
          <span class="row-marks">
            {loud && <span class="visually-hidden">{t('desk.row.unanswered')}</span>}
            {row.state !== 'resolved' && <Urgency priority={row.priority} />}
            {draft && <Badge kind="note">{t('desk.row.draft')}</Badge>}
            {view === 'all' && <State row={row} />}
            <abbr class="row-language" title={languageName(row.language, language.value)}>
              {row.language}
            </abbr>
          </span>
        </span>
      </a>
    </li>
  )
}

function about(row: InboxRow): string {
  if (row.topic) return topicName(row.topic)
  return row.order_ref ? t('desk.row.order', { ref: row.order_ref }) : t('desk.row.no_topic')
}

function Urgency({ priority }: { priority: number }) {
  const name = urgency(priority)
  if (!name) return null
  return <Badge kind={name === 'urgent' ? 'danger' : 'warning'}>{t(`desk.row.${name}`)}</Badge>
}

function Since({ row }: { row: InboxRow }) {
  if (row.state !== 'waiting' || !row.waiting_since)
    return (
      <span class="row-time tabular">
        <Ago at={row.last_message?.at ?? row.updated_at} />
      </span>
    )
  const time = elapsed(now.value - Date.parse(row.waiting_since))
  return (
    <span class="row-time waiting tabular" title={exact(row.waiting_since)}>
      <Icon name="clock" size={13} />
      <span aria-hidden="true">{time}</span>
      <span class="visually-hidden">{t('desk.row.waiting', { time })}</span>
    </span>
  )
}

function State({ row }: { row: InboxRow }) {
  if (row.state === 'assigned' && row.operator) {
    const mine = row.operator.id === me().id
    return (
      <Badge kind={mine ? 'accent' : 'neutral'}>
        {mine ? t('desk.message.you') : row.operator.name}
      </Badge>
    )
  }
  return <Badge>{t(`desk.state.${row.state}`)}</Badge>
}

function lastText(row: InboxRow): string {
  const last = row.last_message
  if (!last) return row.preview ?? ''
  const text = last.body.replace(/\s+/g, ' ') || t('desk.message.picture')
  if (last.author_party === 'assistant') return t('desk.row.assistant', { text })
  if (last.author_party !== 'staff') return text
  return row.operator?.id === me().id ? t('desk.row.you', { text }) : t('desk.row.staff', { text })
}
