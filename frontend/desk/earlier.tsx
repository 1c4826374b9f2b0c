import { type Signal, useComputed, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { emptyThread, reduce, rows } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import { dayName } from '../core/time.ts'
import type { Conversation, ConversationEvent } from '../core/types.ts'
import { Button } from '../ui/button.tsx'
import { Linked } from '../ui/linked.tsx'
import { Message } from '../ui/message.tsx'
import { Skeleton } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import { topicName } from './inbox.ts'
import { authorName } from './message-view.tsx'
import { path } from './routes.ts'
import { api, me } from './session.ts'
import { type Drawn, drawn } from './thread-rows.ts'

export interface EarlierProps {
  conversations: Conversation[]
  /** The one that is being read beside the open conversation. */
  peeked: Signal<string | null>
  buyer: string
}

/** What was said before: read here, beside the answer that is being written. */
export function Earlier({ conversations, peeked, buyer }: EarlierProps) {
  const chosen = conversations.find(({ id }) => id === peeked.value)
  const came = useRef<string | null>(null)
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    // Back from reading: the focus is where it was.
    if (chosen) came.current = chosen.id
    else if (came.current)
      list.current?.querySelector<HTMLElement>(`[data-id="${came.current}"]`)?.focus()
  }, [chosen])
  if (chosen)
    return (
      <Peek
        key={chosen.id}
        conversation={chosen}
        buyer={buyer}
        onBack={() => {
          peeked.value = null
        }}
      />
    )
  return (
    <section>
      <h2>{t('desk.context.earlier')}</h2>
      {conversations.length === 0 && <p class="muted">{t('desk.context.earlier_none')}</p>}
      <ul class="plain-list" ref={list}>
        {conversations.map((conversation) => (
          <li key={conversation.id}>
            <button
              type="button"
              class="earlier"
              data-id={conversation.id}
              onClick={() => {
                peeked.value = conversation.id
              }}
            >
              <span class="pair">
                <span>{headline(conversation)}</span>
                <span class="muted tabular">
                  <Ago at={conversation.updated_at} />
                </span>
              </span>
              <span class="muted earlier-text cut">
                <bdi>{conversation.preview ?? t(`desk.state.${conversation.state}`)}</bdi>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function headline({ topic, channel }: Conversation): string {
  return topic ? topicName(topic) : t(`desk.channel.${channel}`)
}

/** As much of an earlier conversation as is read at a glance; the rest is in its own place. */
const SHOWN = 200

interface PeekProps {
  conversation: Conversation
  buyer: string
  onBack: () => void
}

function Peek({ conversation, buyer, onBack }: PeekProps) {
  const { id } = conversation
  const back = useRef<HTMLButtonElement>(null)
  const events = useSignal<ConversationEvent[] | 'failed' | null>(null)
  useEffect(() => {
    back.current?.focus()
    void load(conversation).then(
      (found) => {
        events.value = found
      },
      () => {
        events.value = 'failed'
      },
    )
  }, [id, events])
  const list = useComputed(() => told(id, events.value, buyer)).value
  return (
    <section class="peek">
      <div class="pair">
        <Button small kind="quiet" icon="back" innerRef={back} onClick={onBack}>
          {t('desk.context.peek_back')}
        </Button>
        <a href={path({ app: 'desk', view: 'all', id })}>{t('desk.context.peek_open')}</a>
      </div>
      <h2>{headline(conversation)}</h2>
      {events.value === null && <Skeleton label={t('desk.thread.log')} lines={4} />}
      {events.value === 'failed' && <p class="muted">{t('desk.choose.failed')}</p>}
      {list.map((item) => (
        <Line key={item.key} item={item} buyer={buyer} />
      ))}
    </section>
  )
}

async function load({ id, last_seq }: Conversation): Promise<ConversationEvent[]> {
  const query = { after: Math.max(0, last_seq - SHOWN), limit: SHOWN }
  const url = '/api/v1/conversations/{id}/events'
  const found = await api.get<{ events: ConversationEvent[] }>(url, { path: { id }, query })
  return found.events
}

function told(id: string, events: ConversationEvent[] | 'failed' | null, buyer: string): Drawn[] {
  if (!Array.isArray(events) || !events.length) return []
  const start = { ...emptyThread(id), seq: events[0]!.seq - 1 }
  const author = { id: me().id, name: me().name, party: 'staff' } as const
  return drawn(rows(reduce(start, events), [], author), { buyer, me: me().id })
}

function Line({ item, buyer }: { item: Drawn; buyer: string }) {
  if (item.type === 'day') return <h3 class="day">{dayName(item.at)}</h3>
  if (item.type === 'since') return null
  if (item.type === 'change') return <p class="change">{item.text}</p>
  const { message, at } = item.row
  const side =
    message.kind === 'note' ? 'note' : message.author.party === 'buyer' ? 'theirs' : 'own'
  return (
    <div class={`said by-${message.kind === 'note' ? 'note' : message.author.party}`}>
      <Message
        side={side}
        author={item.first ? authorName(message, buyer) : null}
        at={at}
        language={message.language}
        body={
          message.deleted ? (
            <em>{t('desk.message.deleted')}</em>
          ) : (
            <Linked text={message.body || t('desk.message.no_text')} />
          )
        }
      />
    </div>
  )
}
