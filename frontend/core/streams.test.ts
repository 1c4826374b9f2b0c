import { describe, expect, it } from 'vitest'
import { emptyThread, reduce, type Thread } from './conversation.ts'
import fixture from './streams.fixture.json'
import type { ConversationEvent } from './types.ts'

/**
 * One conversation with every kind of event, as the server told it to its buyer and to the staff:
 * `tests/journeys/test_front_end_streams.py` writes it and says when the server has changed.
 */
const STREAMS = Object.entries(fixture as unknown as Record<string, ConversationEvent[]>)
const empty = () => emptyThread('c1')

/** Numbers that are the same in every run. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
  }
}

/** What the stream would have been had it been read at an earlier time: later changes undone. */
function before(events: readonly ConversationEvent[], cut: number): ConversationEvent[] {
  const later = new Set(
    events
      .slice(cut)
      .flatMap((one) =>
        one.kind === 'edited' || one.kind === 'deleted' ? [one.data.message_id] : [],
      ),
  )
  const old = 'words that were there before'
  return events.slice(0, cut).map((one) => {
    if (one.kind === 'edited' && later.has(one.data.message_id))
      return { ...one, data: { ...one.data, body: old, excerpt: old } }
    if (one.kind !== 'message') return one
    const { extra, message_id } = one.data
    const quote = extra?.quote
    const quoted = quote && later.has(quote.message_id) ? { ...quote, excerpt: old } : quote
    if (quoted !== quote) delete quoted?.deleted
    const data = { ...one.data, extra: extra && quote ? { ...extra, quote: quoted } : extra }
    return { ...one, data: later.has(message_id) ? { ...data, body: old } : data }
  })
}

describe.each(STREAMS)('the stream of the %s', (_, events) => {
  const whole = reduce(empty(), events)

  it('holds its numbers without a gap', () => {
    expect(events.map((one) => one.seq)).toEqual(events.map((_, at) => at + 1))
    expect(whole.seq).toBe(events.length)
  })

  it.each(events.map((one, cut) => [cut, one.kind]))(
    'is the same, had at %d (%s) as it was then and followed from there',
    (cut) => {
      const old = reduce(empty(), before(events, cut))
      const kept = structuredClone(old)
      expect(reduce(old, events.slice(cut))).toEqual(whole)
      expect(old).toEqual(kept)
    },
  )

  it('is the same in pieces of any size, with repeats, and gaps that are fetched later', () => {
    const next = chance(7)
    for (let run = 0; run < 200; run++) {
      let thread: Thread = empty()
      while (thread.seq < events.length) {
        const from = Math.max(0, Math.floor(thread.seq - 3 + next() * 6))
        thread = reduce(thread, events.slice(from, from + 1 + Math.floor(next() * 8)))
      }
      expect(thread).toEqual(whole)
    }
  })

  it('takes nothing before its turn', () => {
    const thread = reduce(empty(), events.slice(0, 3))
    expect(reduce(thread, events.slice(4))).toBe(thread)
    expect(reduce(thread, events.slice(0, 3))).toBe(thread)
  })

  it('keeps nothing of what was taken back', () => {
    const text = JSON.stringify(whole)
    expect(text).not.toContain('4111')
    expect(text).not.toContain('The blue lamp')
  })
})

it('tells every kind that the front end knows', () => {
  const kinds = new Set(STREAMS.flatMap(([, events]) => events.map((one) => one.kind)))
  expect([...kinds].sort()).toEqual(
    [
      ...['assigned', 'deleted', 'edited', 'joined', 'merged', 'message', 'priority', 'rated'],
      ...['receipt', 'split', 'state', 'tags', 'transferred'],
    ].sort(),
  )
})
