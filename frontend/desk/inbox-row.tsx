import { language, languageName, t } from '../core/i18n.ts'
import { exact, moment, now } from '../core/time.ts'
import { Badge } from '../ui/badge.tsx'
import { Icon } from '../ui/icon.tsx'
import { Ago } from '../ui/time.tsx'
import { toast } from '../ui/toast.tsx'
import { teamName } from './changes.ts'
import type { Desk } from './desk.ts'
import { elapsed } from './elapsed.ts'
import { buyerName, topicName, urgency, waitsForUs } from './inbox.ts'
import { path } from './routes.ts'
import { MOST } from './selection.ts'
import { me } from './session.ts'
import { due, isLoud } from './sla.ts'
import type { InboxRow } from './types.ts'

export interface InboxRowProps {
  row: InboxRow
  desk: Desk
  current: boolean
  draft: boolean
}

const TAGS_SHOWN = 2

export function InboxRowView({ row, desk, current, draft }: InboxRowProps) {
  const { view, filters } = desk.lists
  const { selection } = desk
  const loud = waitsForUs(row)
  const chosen = selection.has(row.id)
  const classes = ['row', loud && 'unanswered', chosen && 'chosen']
  const onCursor = selection.cursor.value === row.id
  return (
    <li class="row-line" data-cursor={onCursor ? 'true' : undefined}>
      <Choose row={row} desk={desk} chosen={chosen} />
      {row.unread > 0 && !current && <span class="row-unread" aria-hidden="true" />}
      <a
        class={classes.filter(Boolean).join(' ')}
        data-row={row.id}
        href={path({ app: 'desk', view: view.value, id: row.id, filters: filters.value })}
        aria-current={current ? 'true' : undefined}
        onClick={() => {
          selection.cursor.value = null
        }}
      >
        <span class="row-name cut">
          <bdi>{buyerName(row)}</bdi>
        </span>
        <Since row={row} listed={view.value === 'due' || filters.value.order === 'due'} />
        <span class="row-text cut">
          <bdi>{lastText(row)}</bdi>
        </span>
        <span class="row-about">
          <span class="row-topic cut">
            <bdi>{about(row)}</bdi>
          </span>
          <Marks row={row} desk={desk} loud={loud} draft={draft} />
        </span>
      </a>
    </li>
  )
}

/** Beside the link, not in it: a press on it chooses the row, Shift everything up to it. */
function Choose({ row, desk, chosen }: { row: InboxRow; desk: Desk; chosen: boolean }) {
  const { selection, lists } = desk
  const choose = (event: MouseEvent) => {
    const order = lists.rows.peek().map(({ id }) => id)
    const room = event.shiftKey ? selection.range(order, row.id) : selection.toggle(row.id)
    if (!room) toast(t('desk.bulk.most', { n: MOST }))
  }
  return (
    <label class="row-choose">
      <input
        type="checkbox"
        checked={chosen}
        aria-label={t('desk.row.choose', { name: buyerName(row) })}
        onClick={choose}
      />
    </label>
  )
}

function Marks(props: { row: InboxRow; desk: Desk; loud: boolean; draft: boolean }) {
  const { row, desk, loud, draft } = props
  const view = desk.lists.view.value
  const tags = row.tags ?? []
  // With the state beside them there is room for one.
  const shown = WITH_STATE.has(view) || urgency(row.priority) ? 1 : TAGS_SHOWN
  return (
    <span class="row-marks">
      {loud && <span class="visually-hidden">{t('desk.row.unanswered')}</span>}
      {row.state !== 'resolved' && <Urgency priority={row.priority} />}
      {draft && <Badge kind="note">{t('desk.row.draft')}</Badge>}
      {tags.slice(0, shown).map((tag) => (
        <span class="row-tag" key={tag}>
          <bdi>{tag}</bdi>
        </span>
      ))}
      {tags.length > shown && (
        <span class="row-tag" title={tags.slice(shown).join(', ')}>
          +{tags.length - shown}
        </span>
      )}
      {row.rating && (
        <span class="row-rating tabular" title={t('desk.row.rating', { n: row.rating.score })}>
          {row.rating.score}/5
        </span>
      )}
      {WITH_STATE.has(view) && <State row={row} />}
      {row.followed && view !== 'followed' && (
        <span class="row-followed" title={t('desk.row.followed')}>
          <Icon name="eye" size={14} />
          <span class="visually-hidden">{t('desk.row.followed')}</span>
        </span>
      )}
      {row.team && !row.team.endsWith(row.language) && (
        <span class="row-tag">{teamName(row.team)}</span>
      )}
      <abbr class="row-language" title={languageName(row.language, language.value)}>
        {row.language}
      </abbr>
    </span>
  )
}

/** Lists with conversations of several states. */
const WITH_STATE = new Set(['all', 'due', 'mentions', 'followed', 'unassigned'])

function about(row: InboxRow): string {
  if (row.topic) return topicName(row.topic)
  return row.order_ref ? t('desk.row.order', { ref: row.order_ref }) : t('desk.row.no_topic')
}

function Urgency({ priority }: { priority: number }) {
  const name = urgency(priority)
  if (!name) return null
  return <Badge kind={name === 'urgent' ? 'danger' : 'warning'}>{t(`desk.row.${name}`)}</Badge>
}

/** The one time of a row that matters: a promise that is near, else the wait, else the last word. */
function Since({ row, listed }: { row: InboxRow; listed: boolean }) {
  const found = row.state === 'resolved' ? null : due(row.sla, now.value)
  if (found && isLoud(found, listed)) return <Promised row={row} found={found} />
  if (row.state === 'snoozed' && row.snoozed_until) return <Snoozed until={row.snoozed_until} />
  if (row.state === 'waiting' && row.waiting_since) return <Waiting since={row.waiting_since} />
  return (
    <span class="row-time tabular">
      <Ago at={row.last_message?.at ?? row.updated_at} />
    </span>
  )
}

function Promised({ row, found }: { row: InboxRow; found: NonNullable<ReturnType<typeof due>> }) {
  const kind = row.sla?.kind ?? 'next_response'
  const time = 'ms' in found ? elapsed(found.ms) : ''
  const text = t(`desk.sla.${found.state}`, { time })
  const title = [t(`desk.sla.kind.${kind}`), row.sla?.due_at && exact(row.sla.due_at)]
  return (
    <span class={`row-time sla ${found.state} tabular`} title={title.filter(Boolean).join(' · ')}>
      <Icon name="clock" size={13} />
      <span class="visually-hidden">{t(`desk.sla.kind.${kind}`)}: </span>
      {text}
    </span>
  )
}

function Snoozed({ until }: { until: string }) {
  return (
    <span class="row-time tabular" title={exact(until)}>
      {t('desk.row.until', { time: moment(until) })}
    </span>
  )
}

function Waiting({ since }: { since: string }) {
  const time = elapsed(now.value - Date.parse(since))
  return (
    <span class="row-time waiting tabular" title={exact(since)}>
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
