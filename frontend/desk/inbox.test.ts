import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  arrivals,
  coalesced,
  EMPTY,
  failed,
  fresh,
  further,
  headed,
  inPlace,
  neighbour,
  urgency,
  waitsForUs,
  without,
} from './inbox.ts'
import type { InboxRow } from './types.ts'

const at = '2026-03-02T10:00:00Z'

function row(id: string, more: Partial<InboxRow> = {}): InboxRow {
  return {
    id,
    channel: 'chat',
    state: 'waiting',
    language: 'en',
    topic: null,
    question: null,
    order_ref: null,
    created_at: at,
    updated_at: at,
    last_seq: 1,
    party: 'staff',
    buyer: { id: `buyer-${id}`, name: 'Ana' },
    operator: null,
    preview: null,
    waiting_since: at,
    priority: 5,
    last_message: null,
    unanswered: true,
    unread: 0,
    merged_into: null,
    ...more,
  }
}

const ids = (rows: readonly InboxRow[]) => rows.map(({ id }) => id)

describe('a list of the inbox', () => {
  it('keeps the order of service that the server gives', () => {
    const list = fresh({ items: [row('c'), row('a'), row('b')], next: null }, 1)
    expect(ids(list.rows)).toEqual(['c', 'a', 'b'])
  })

  it('shows a row once when it moved between two pages', () => {
    const first = fresh({ items: [row('a'), row('b')], next: 'x' }, 1)
    const both = further(first, { items: [row('b'), row('c')], next: null })
    expect(ids(both.rows)).toEqual(['a', 'b', 'c'])
    expect(both.next).toBeNull()
  })

  it('keeps what is known when a fetch fails, and says so', () => {
    const list = failed(fresh({ items: [row('a')], next: null }, 1))
    expect(ids(list.rows)).toEqual(['a'])
    expect(list.failed).toBe(true)
    expect(fresh({ items: [], next: null }, 2).failed).toBe(false)
  })

  it('loses a row at once that was taken', () => {
    expect(ids(without(fresh({ items: [row('a'), row('b')], next: null }, 1), 'a').rows)).toEqual([
      'b',
    ])
    expect(without(EMPTY, 'a').rows).toEqual([])
  })
})

describe('moving through a list', () => {
  const rows = [row('a'), row('b'), row('c')]
  it.each([
    ['a', 1, 'b'],
    ['b', -1, 'a'],
    ['c', 1, undefined],
    ['a', -1, undefined],
    [null, 1, 'a'],
    ['gone', -1, 'a'],
  ] as const)('from %s by %s comes to %s', (from, step, to) => {
    expect(neighbour(rows, from, step)?.id).toBe(to)
  })
})

describe('while somebody points at a row', () => {
  const shown = fresh({ items: [row('a'), row('b'), row('c')], next: 'n' }, 1)
  const incoming = fresh({ items: [row('d'), row('c', { priority: 1 }), row('a')], next: 'm' }, 2)

  it('no row comes, goes or moves, and each says what is new', () => {
    const held = inPlace(shown, incoming)
    expect(ids(held.rows)).toEqual(['a', 'b', 'c'])
    expect(held.rows[2]?.priority).toBe(1)
    expect(held.next).toBe('n')
  })

  it('those that came are counted', () => {
    expect(arrivals(shown, incoming)).toBe(1)
  })
})

describe('a list that was scrolled far down', () => {
  const long = fresh({ items: ['a', 'b', 'c', 'd', 'e'].map((id) => row(id)), next: 'f' }, 1)

  it('keeps what lies below the part that is fresh, each once', () => {
    const head = fresh({ items: [row('e'), row('a')], next: 'x' }, 2)
    const list = headed(long, head)
    expect(ids(list.rows)).toEqual(['e', 'a', 'c', 'd'])
    expect(list.next).toBe('f')
  })

  it('is only what the server says when that is all of it', () => {
    const all = fresh({ items: [row('a')], next: null }, 2)
    expect(headed(long, all)).toBe(all)
  })
})

it.each([
  [{ state: 'waiting', unanswered: true }, true],
  [{ state: 'assigned', unanswered: false }, false],
  [{ state: 'resolved', unanswered: true }, false],
  [
    { state: 'bot', last_message: { author_party: 'assistant', body: '', at }, unanswered: false },
    false,
  ],
  [
    {
      state: 'assigned',
      last_message: { author_party: 'assistant', body: '', at },
      unanswered: false,
    },
    true,
  ],
] as [Partial<InboxRow>, boolean][])('%j waits for a word of ours: %s', (more, waits) => {
  expect(waitsForUs(row('a', more))).toBe(waits)
})

it.each([
  [1, 'urgent'],
  [2, 'urgent'],
  [4, 'high'],
  [5, null],
  [9, null],
])('priority %s is %s: a smaller number is more urgent', (priority, name) => {
  expect(urgency(priority)).toBe(name)
})

describe('hints of the socket', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('become two fetches however many come, and the last is never lost', async () => {
    let runs = 0
    const hint = coalesced(async () => void runs++, 400)
    for (let n = 0; n < 50; n++) hint()
    expect(runs).toBe(1)
    await vi.advanceTimersByTimeAsync(400)
    expect(runs).toBe(2)
    await vi.advanceTimersByTimeAsync(2000)
    expect(runs).toBe(2)
  })
})
