import type { Thread } from './conversation.ts'
import type { ConversationEvent, MessageData, Quote, ReceiptData } from './types.ts'

/** Apply an event to a thread that is being built; true = it is not drawn itself. */
export function fold(thread: Thread, event: ConversationEvent): boolean {
  switch (event.kind) {
    case 'edited': {
      const { body, by, excerpt, message_id } = event.data
      change(thread, message_id, { body, edited: { at: event.at, by } })
      requote(thread, message_id, { excerpt: excerpt ?? body })
      return true
    }
    case 'deleted': {
      const { by, message_id } = event.data
      change(thread, message_id, { body: '', extra: null, deleted: { at: event.at, by } })
      requote(thread, message_id, { excerpt: '', deleted: true })
      return true
    }
    case 'receipt':
      receipt(thread, event.data)
      return true
    case 'state':
      thread.state = event.data.to
      thread.until = event.data.until ?? null
      // Resolved or put off, the conversation keeps the name of whoever helped.
      if (event.data.to === 'assigned') thread.operator = event.data.operator ?? thread.operator
      if (event.data.to === 'bot' || event.data.to === 'waiting') thread.operator = null
      return false
    case 'assigned':
      thread.operator = event.data.operator
      return false
    case 'order':
      thread.orderRef = event.data.order_ref
      return false
    case 'rated':
      thread.rating = { ...event.data, at: event.at }
      return false
    case 'tags':
      thread.tags = event.data.tags
      return false
    case 'transferred':
      thread.team = event.data.to.team ?? thread.team
      return false
    case 'merged':
      thread.mergedInto = event.data.into
      return false
    case 'priority':
      thread.priority = event.data.priority
      return false
  }
  return false
}

function change(thread: Thread, messageId: string, patch: Partial<MessageData>): void {
  const { items } = thread
  const at = place(thread, messageId)
  const event = items[at]
  // The list is ours already, the event in it is not: the old state keeps the old one.
  if (event?.kind === 'message') items[at] = { ...event, data: { ...event.data, ...patch } }
}

/** What others quoted of a message follows it, as it does in what the server keeps. */
function requote({ items }: Thread, messageId: string, patch: Partial<Quote>): void {
  items.forEach((event, at) => {
    const quote = event.kind === 'message' && event.data.extra?.quote
    if (event.kind !== 'message' || !quote || quote.message_id !== messageId) return
    const extra = { ...event.data.extra, quote: { ...quote, ...patch } }
    items[at] = { ...event, data: { ...event.data, extra } }
  })
}

/** Receipts only grow: one that comes late, from another device, takes nothing back. */
function receipt(thread: Thread, { party, delivered, read }: ReceiptData): void {
  const before = thread.receipts[party] ?? { delivered: 0, read: 0 }
  const seq = (id: string | null) => (id && thread.items[place(thread, id)]?.seq) || 0
  const now = Math.max(before.read, seq(read))
  const after = { delivered: Math.max(before.delivered, seq(delivered), now), read: now }
  thread.receipts = { ...thread.receipts, [party]: after }
}

/** From the end: what is changed is nearly always recent. */
function place({ items }: Thread, messageId: string): number {
  return items.findLastIndex(
    (event) => event.kind === 'message' && event.data.message_id === messageId,
  )
}
