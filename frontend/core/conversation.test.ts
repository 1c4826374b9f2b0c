import { describe, expect, it } from 'vitest'
import { emptyThread, reduce, rows, unread } from './conversation.ts'
import type { OutboxEntry } from './outbox.ts'
import type { Author, ConversationEvent, MessageData } from './types.ts'

const ID = 'c1'
const ana: Author = { id: 'ana', name: 'Ana', party: 'buyer' }
const marta: Author = { id: 'marta', name: 'Marta', party: 'staff' }
const at = '2026-03-02T10:00:00Z'

function message(seq: number, author = ana, more: Partial<MessageData> = {}): ConversationEvent {
  const data: MessageData = {
    message_id: `m${seq}`,
    client_id: `k${seq}`,
    author,
    kind: 'text',
    body: `text ${seq}`,
    language: 'en',
    ...more,
  }
  return { seq, kind: 'message', at, data }
}

/** One event of every kind there is, in a story that could happen. */
const STORY: ConversationEvent[] = [
  message(1),
  message(2, { id: null, name: 'Assistant', party: 'assistant' }, { kind: 'answer' }),
  { seq: 3, kind: 'state', at, data: { from: 'bot', to: 'waiting', reason: null, operator: null } },
  { seq: 4, kind: 'order', at, data: { order_ref: 'A-1' } },
  {
    seq: 5,
    kind: 'state',
    at,
    data: {
      from: 'waiting',
      to: 'assigned',
      reason: null,
      operator: { id: 'marta', name: 'Marta' },
    },
  },
  { seq: 6, kind: 'assigned', at, data: { operator: { id: 'marta', name: 'Marta' } } },
  message(7, marta),
  { seq: 8, kind: 'joined', at, data: { buyer: 'ana' } },
  {
    seq: 9,
    kind: 'state',
    at,
    data: { from: 'assigned', to: 'resolved', reason: null, operator: null },
  },
]

describe('old state + events = fresh state', () => {
  it.each(STORY.map((_, cut) => [cut]))('cut after %d events', (cut) => {
    const fresh = reduce(emptyThread(ID), STORY)
    const resumed = reduce(reduce(emptyThread(ID), STORY.slice(0, cut)), STORY.slice(cut))
    expect(resumed).toEqual(fresh)
  })

  it('knows state, operator and order at the end', () => {
    const { state, operator, orderRef, seq } = reduce(emptyThread(ID), STORY)
    expect({ state, operator: operator?.name, orderRef, seq }).toEqual({
      state: 'resolved',
      operator: 'Marta',
      orderRef: 'A-1',
      seq: 9,
    })
  })

  it('ignores what came before, and what is not next', () => {
    const thread = reduce(emptyThread(ID), STORY.slice(0, 2))
    expect(reduce(thread, STORY.slice(0, 2))).toBe(thread)
    expect(reduce(thread, [message(9)])).toBe(thread)
  })

  it('never changes the old state', () => {
    const old = reduce(emptyThread(ID), STORY.slice(0, 4))
    const picture = structuredClone(old)
    reduce(old, STORY.slice(4))
    expect(old).toEqual(picture)
  })

  it('forgets the operator when the conversation goes back to the queue', () => {
    const released: ConversationEvent[] = [
      {
        seq: 10,
        kind: 'state',
        at,
        data: { from: 'assigned', to: 'waiting', reason: null, operator: null },
      },
    ]
    expect(reduce(reduce(emptyThread(ID), STORY), released).operator).toBeNull()
  })
})

describe('our own messages on their way', () => {
  const entry = (client_id: string, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
    conversation: ID,
    client_id,
    body: 'hello',
    at,
    ...more,
  })
  const drawn = (outbox: OutboxEntry[], events = STORY.slice(0, 1)) =>
    rows(reduce(emptyThread(ID), events), outbox, ana).map(
      (row) => row.type === 'message' && [row.key, row.delivery],
    )

  it('are drawn after what is stored, with how far they are', () => {
    const failed = { status: 422, code: 'message_too_long', title: 'Too long', detail: null }
    const outbox = [entry('a'), entry('b', { acked: true }), entry('c', { failed })]
    expect(drawn(outbox)).toEqual([
      ['k1', 'stored'],
      ['a', 'sending'],
      ['b', 'stored'],
      ['c', 'failed'],
    ])
  })

  it('are drawn once when their event is here already, as the same element', () => {
    expect(drawn([entry('k1', { acked: true })])).toEqual([['k1', 'stored']])
  })

  it('stay in their own conversation', () => {
    expect(drawn([entry('a', { conversation: 'another' })])).toEqual([['k1', 'stored']])
  })
})

it('counts as unread what others said', () => {
  expect(unread(STORY, 'ana')).toBe(2)
})
