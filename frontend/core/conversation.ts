import type { OutboxEntry } from './outbox.ts'
import type {
  Author,
  ConversationEvent,
  ConversationStateName,
  MessageData,
  NamedPerson,
} from './types.ts'

/** What one party has seen of a conversation: always the fold of its events, nothing else. */
export interface Thread {
  id: string
  /** The last event applied; events come without gaps, so this is where to resume. */
  seq: number
  items: ConversationEvent[]
  state: ConversationStateName
  operator: NamedPerson | null
  orderRef: string | null
}

export function emptyThread(id: string): Thread {
  return { id, seq: 0, items: [], state: 'bot', operator: null, orderRef: null }
}

/** Old state + events = fresh state. Repeated and not yet contiguous events change nothing. */
export function reduce(thread: Thread, events: readonly ConversationEvent[]): Thread {
  let next = thread
  for (const event of events) {
    if (event.seq !== next.seq + 1) continue
    if (next === thread) next = { ...thread, items: [...thread.items] }
    next.seq = event.seq
    next.items.push(event)
    apply(next, event)
  }
  return next
}

function apply(thread: Thread, event: ConversationEvent): void {
  switch (event.kind) {
    case 'state':
      thread.state = event.data.to
      // Resolved or put off, the conversation keeps the name of whoever helped.
      if (event.data.to === 'assigned') thread.operator = event.data.operator ?? thread.operator
      if (event.data.to === 'bot' || event.data.to === 'waiting') thread.operator = null
      break
    case 'assigned':
      thread.operator = event.data.operator
      break
    case 'order':
      thread.orderRef = event.data.order_ref
      break
  }
}

export type Delivery = 'sending' | 'stored' | 'failed'

/** A message to draw: stored, or our own on its way. */
export interface MessageRow {
  type: 'message'
  key: string
  at: string
  message: MessageData
  delivery: Delivery
  problem: OutboxEntry['failed']
}

export interface ChangeRow {
  type: 'change'
  key: string
  at: string
  event: Exclude<ConversationEvent, { kind: 'message' }>
}

export type Row = MessageRow | ChangeRow

/**
 * What to draw: the events, then our own messages that no event has confirmed yet. The key of a
 * message is its `client_id` where it has one, so the drawn message stays the same element.
 */
export function rows(thread: Thread, outbox: readonly OutboxEntry[], me: Author): Row[] {
  const known = new Set<string>()
  const list: Row[] = thread.items.map((event) => {
    if (event.kind !== 'message')
      return { type: 'change', key: `seq-${event.seq}`, at: event.at, event }
    const { client_id, message_id } = event.data
    if (client_id) known.add(client_id)
    const key = client_id ?? message_id
    const { data: message, at } = event
    return { type: 'message', key, at, message, delivery: 'stored', problem: undefined }
  })
  for (const entry of outbox)
    if (entry.conversation === thread.id && !known.has(entry.client_id)) list.push(own(entry, me))
  return list
}

function own(entry: OutboxEntry, author: Author): MessageRow {
  return {
    type: 'message',
    key: entry.client_id,
    at: entry.at,
    delivery: entry.failed ? 'failed' : entry.acked ? 'stored' : 'sending',
    problem: entry.failed,
    message: {
      message_id: entry.client_id,
      client_id: entry.client_id,
      author,
      kind: entry.note ? 'note' : 'text',
      body: entry.body,
      language: null,
      extra: entry.question
        ? { question: null }
        : entry.files?.length
          ? { files: entry.files }
          : null,
    },
  }
}

/** Messages of others among `events`: what an unread badge counts. */
export function unread(events: readonly ConversationEvent[], meId: string): number {
  return events.filter((event) => event.kind === 'message' && event.data.author.id !== meId).length
}
