import { describe, expect, it } from 'vitest'
import { emptyThread, reduce, rows, type Thread } from './conversation.ts'
import type { Author, ConversationEvent, MessageData } from './types.ts'

const at = '2026-03-02T10:00:00Z'
const later = '2026-03-02T10:05:00Z'
const ana: Author = { id: 'ana', name: 'Ana', party: 'buyer' }
const marta: Author = { id: 'marta', name: 'Marta', party: 'staff' }
const by = { id: 'marta', name: 'Marta' }

function message(seq: number, author: Author, more: Partial<MessageData> = {}): ConversationEvent {
  const ids = { message_id: `m${seq}`, client_id: `k${seq}` }
  const data: MessageData = {
    ...{ ...ids, author, kind: 'text', body: `text ${seq}`, language: 'en' },
    ...more,
  }
  return { seq, kind: 'message', at, data }
}

type Told = Omit<Exclude<ConversationEvent, { kind: 'message' }>, 'seq' | 'at'>
const told = (seq: number, event: Told) => ({ seq, at: later, ...event }) as ConversationEvent

const quote = { message_id: 'm1', author: { name: 'Ana', party: 'buyer' as const }, excerpt: 'te' }
const STORY: ConversationEvent[] = [
  message(1, ana, { extra: { files: [] } }),
  message(2, marta, { extra: { quote } }),
  told(3, { kind: 'receipt', data: { party: 'buyer', delivered: 'm2', read: null } }),
  told(4, { kind: 'receipt', data: { party: 'staff', delivered: 'm1', read: 'm1' } }),
  told(5, { kind: 'edited', data: { message_id: 'm2', body: 'better', by } }),
  told(6, { kind: 'tags', data: { tags: ['refund'], by } }),
  told(7, { kind: 'priority', data: { priority: 2, by } }),
  told(8, {
    kind: 'transferred',
    data: { from: { team: 'general' }, to: { team: 'claims' }, by, note: null },
  }),
  told(9, {
    kind: 'state',
    data: { from: 'assigned', to: 'snoozed', reason: null, until: '2026-03-03T08:00:00Z' },
  }),
  told(10, { kind: 'deleted', data: { message_id: 'm1', by: { id: 'ana', name: 'Ana' } } }),
  told(11, { kind: 'state', data: { from: 'snoozed', to: 'resolved', reason: null } }),
  told(12, { kind: 'rated', data: { score: 4, reason: 'kind', comment: 'Thank you' } }),
  told(13, { kind: 'split', data: { into: null, from: 'c2', by } }),
  told(14, { kind: 'merged', data: { into: 'c9', from: null, by } }),
]
const whole = () => reduce(emptyThread('c1'), STORY)

describe('every kind of event', () => {
  it.each(STORY.map((_, cut) => [cut]))('is the same, cut after %d events', (cut) => {
    const half = reduce(emptyThread('c1'), STORY.slice(0, cut))
    const picture = structuredClone(half)
    expect(reduce(half, STORY)).toEqual(whole())
    expect(half).toEqual(picture)
  })

  it('leaves what it says', () => {
    const { tags, priority, team, until, state, rating, mergedInto, receipts } = whole()
    expect({ tags, priority, team, until, state, mergedInto }).toEqual({
      ...{ tags: ['refund'], priority: 2, team: 'claims', until: null },
      ...{ state: 'resolved', mergedInto: 'c9' },
    })
    expect(rating).toEqual({ score: 4, reason: 'kind', comment: 'Thank you', at: later })
    expect(receipts).toEqual({ buyer: { delivered: 2, read: 0 }, staff: { delivered: 1, read: 1 } })
  })

  it('draws an edited message where it stood, and nothing of a deleted one', () => {
    const [first, second] = rows(whole(), [], ana).filter((row) => row.type === 'message')
    expect(first?.message).toMatchObject({ body: '', extra: null, deleted: { at: later } })
    expect(second?.message).toMatchObject({ body: 'better', edited: { at: later, by } })
    expect(rows(whole(), [], ana).map((row) => row.type === 'change' && row.event.kind)).toEqual([
      ...[false, false, 'tags', 'priority', 'transferred', 'state', 'state', 'rated'],
      ...['split', 'merged'],
    ])
  })

  it('shows in a quotation what became of the quoted message', () => {
    const answer = rows(whole(), [], ana)[1]
    expect(answer?.type === 'message' && answer.quoted?.deleted).toBeTruthy()
  })

  it('remembers until when it sleeps', () => {
    expect(reduce(emptyThread('c1'), STORY.slice(0, 9)).until).toBe('2026-03-03T08:00:00Z')
  })
})

describe('marks of what was said', () => {
  const marks = (thread: Thread, me: Author) =>
    rows(thread, [], me).flatMap((row) => (row.type === 'message' ? [row.delivery] : []))
  const receipt = (seq: number, delivered: string | null, read: string | null) =>
    told(seq, { kind: 'receipt', data: { party: 'staff', delivered, read } })
  const three = reduce(emptyThread('c1'), [message(1, ana), message(2, ana), message(3, ana)])

  it('say how far the other side is, up to a message', () => {
    const half = reduce(three, [receipt(4, 'm2', 'm1')])
    expect(marks(half, ana)).toEqual(['read', 'delivered', 'stored'])
  })

  it('never go back', () => {
    const back = reduce(three, [receipt(4, 'm3', 'm3'), receipt(5, 'm1', null)])
    expect(marks(back, ana)).toEqual(['read', 'read', 'read'])
  })

  it('take what was read as delivered', () => {
    const { receipts } = reduce(three, [receipt(4, null, 'm2')])
    expect(receipts.staff).toEqual({ delivered: 2, read: 2 })
  })

  it('ask nothing of the side that wrote it', () => {
    const own = told(4, { kind: 'receipt', data: { party: 'buyer', delivered: 'm3', read: 'm3' } })
    expect(marks(reduce(three, [own]), ana)).toEqual(['stored', 'stored', 'stored'])
  })
})
