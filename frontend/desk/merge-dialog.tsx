import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { clock, relative } from '../core/time.ts'
import type { Conversation, ConversationEvent } from '../core/types.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/states.tsx'
import { topicName } from './inbox.ts'
import { Picker } from './picker.tsx'
import { api } from './session.ts'
import type { AskedProps } from './thread-dialogs.tsx'

/** Another conversation of the same buyer, in which this one goes on. */
export function MergeDialog({ desk, open, onClose }: AskedProps) {
  const context = open.context.value
  const others = (context?.earlier ?? []).filter(({ state }) => state !== 'resolved')
  return (
    <Dialog title={t('desk.merge.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <p class="muted">{t('desk.merge.lead')}</p>
      {!context && !open.contextFailed.value && <Skeleton label={t('desk.merge.title')} />}
      {(context || open.contextFailed.value) && (
        <Picker
          label={t('desk.merge.find')}
          none={t(context ? 'desk.merge.none' : 'desk.choose.failed')}
          options={others.map((one) => ({
            id: one.id,
            text: one.preview || headline(one),
            also: headline(one),
            hint: `${t(`desk.state.${one.state}`)} · ${relative(one.updated_at)}`,
            preview: <Preview key={one.id} id={one.id} />,
            run: () => {
              onClose()
              void desk.thread.handling.merge(open, one)
            },
          }))}
        />
      )}
    </Dialog>
  )
}

function headline({ topic, channel }: Conversation): string {
  return topic ? topicName(topic) : t(`desk.channel.${channel}`)
}

const SHOWN = 5

/** How the other conversation begins and stands. */
function Preview({ id }: { id: string }) {
  const events = useSignal<ConversationEvent[] | null>(null)
  useEffect(() => {
    const url = '/api/v1/conversations/{id}/events'
    api.get<{ events: ConversationEvent[] }>(url, { path: { id }, query: { limit: 100 } }).then(
      (found) => {
        events.value = found.events
      },
      () => {
        events.value = []
      },
    )
  }, [id, events])
  const said = (events.value ?? []).filter((event) => event.kind === 'message').slice(-SHOWN)
  if (!events.value) return <Skeleton label={t('desk.thread.log')} />
  return (
    <ul class="plain-list said-lines">
      {said.map(({ seq, at, data }) => (
        <li key={seq}>
          <span class="muted tabular">{clock(at)}</span>{' '}
          <bdi class="muted">{data.author.name || t(`desk.message.${data.author.party}`)}</bdi>{' '}
          <bdi>{data.body}</bdi>
        </li>
      ))}
    </ul>
  )
}
