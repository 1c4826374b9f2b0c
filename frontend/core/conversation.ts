import { fold } from './fold.ts'
import type { OutboxEntry } from './outbox.ts'
import type {
  Author,
  ConversationEvent,
  ConversationStateName,
  MessageData,
  NamedPerson,
  Party,
  RatedData,
} from './types.ts'

/** How far a party is, as numbers of this stream: everything up to there. 0 = nothing yet. */
export interface Receipt {
  delivered: number
  read: number
}

/** What one party has seen of a conversation: always the fold of its events, nothing else. */
export interface Thread {
  id: string
  /** The last event applied; events come without gaps, so this is where to resume. */
  seq: number
  /** What can be drawn; edits, deletions and receipts are folded into it instead. */
  items: DrawnEvent[]
  state: ConversationStateName
  operator: NamedPerson | null
  orderRef: string | null
  receipts: Partial<Record<Party, Receipt>>
  rating: (RatedData & { at: string }) | null
  tags: readonly string[]
  /** The end of a snooze, where one was given. */
  until: string | null
  /** The team it was passed to, by key. */
  team: string | null
  priority: number | null
  /** The conversation that goes on in place of this one. */
  mergedInto: string | null
}

/** Events that change what is drawn already, and are never drawn themselves. */
type FoldedKind = 'edited' | 'deleted' | 'receipt'
export type DrawnEvent = Exclude<ConversationEvent, { kind: FoldedKind }>

export function emptyThread(id: string): Thread {
  return {
    ...{ id, seq: 0, items: [], state: 'bot', operator: null, orderRef: null },
    ...{ receipts: {}, rating: null, tags: [], until: null, team: null, priority: null },
    mergedInto: null,
  }
}

/** Old state + events = fresh state. Repeated and not yet contiguous events change nothing. */
export function reduce(thread: Thread, events: readonly ConversationEvent[]): Thread {
  let next = thread
  for (const event of events) {
    if (event.seq !== next.seq + 1) continue
    if (next === thread) next = { ...thread, items: [...thread.items] }
    next.seq = event.seq
    if (!fold(next, event)) next.items.push(event as DrawnEvent)
  }
  return next
}

export type Delivery = 'sending' | 'stored' | 'delivered' | 'read' | 'failed'

/** A message to draw: stored, or our own on its way. */
export interface MessageRow {
  type: 'message'
  key: string
  at: string
  /** Its number in the reader's stream; null while it is on its way. */
  seq: number | null
  message: MessageData
  delivery: Delivery
  problem: OutboxEntry['failed']
  /** "Not now", said the server: it is sent again by itself then. */
  held: OutboxEntry['held']
  /** The message that it answers, as it is now; undefined where it answers none or it is not here. */
  quoted: MessageData | undefined
}

export interface ChangeRow {
  type: 'change'
  key: string
  at: string
  event: Exclude<DrawnEvent, { kind: 'message' }>
}

export type Row = MessageRow | ChangeRow

/**
 * What to draw: the events, then our own messages that no event has confirmed yet. The key of a
 * message is its `client_id` where it has one, so the drawn message stays the same element.
 */
export function rows(thread: Thread, outbox: readonly OutboxEntry[], me: Author): Row[] {
  const known = new Set<string>()
  const messages = new Map<string, MessageData>()
  const list: Row[] = thread.items.map((event) => {
    if (event.kind !== 'message')
      return { type: 'change', key: `seq-${event.seq}`, at: event.at, event }
    const { client_id, message_id, author, extra } = event.data
    if (client_id) known.add(client_id)
    messages.set(message_id, event.data)
    const { data: message, at, seq } = event
    return {
      ...{ type: 'message', key: client_id ?? message_id, at, seq, message },
      delivery: reached(thread, author.party, seq),
      ...{ problem: undefined, held: undefined },
      quoted: extra?.quote ? messages.get(extra.quote.message_id) : undefined,
    }
  })
  for (const entry of outbox)
    if (entry.conversation === thread.id && !known.has(entry.client_id))
      list.push({ ...own(entry, me), quoted: messages.get(entry.quote?.message_id ?? '') })
  return list
}

/** How far a stored message has come: as far as the furthest of the other parties. */
function reached({ receipts }: Thread, from: Author['party'], seq: number): Delivery {
  let delivery: Delivery = 'stored'
  for (const party in receipts) {
    if (party === from) continue
    const { delivered, read } = receipts[party as Party]!
    if (seq <= read) return 'read'
    if (seq <= delivered) delivery = 'delivered'
  }
  return delivery
}

function own(entry: OutboxEntry, author: Author): Omit<MessageRow, 'quoted'> {
  const { client_id, at, body, note, question, files, quote, mentions, failed, held } = entry
  return {
    ...{ type: 'message', key: client_id, at, seq: null, problem: failed, held },
    delivery: failed ? 'failed' : entry.acked ? 'stored' : 'sending',
    message: {
      ...{ message_id: client_id, client_id, author, body, language: null },
      kind: note ? 'note' : 'text',
      extra: {
        ...(question && { question: null }),
        ...(files?.length && { files }),
        ...(quote && { quote }),
        ...(mentions?.length && { mentions }),
      },
    },
  }
}

/** Messages of others among `events`: what an unread badge counts. */
export function unread(events: readonly ConversationEvent[], meId: string): number {
  return events.filter(
    (event) => event.kind === 'message' && event.data.author.id !== meId && !event.data.deleted,
  ).length
}
