import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Live, type LiveOptions } from './live.ts'
import { sessionStore } from './storage.ts'
import { follow } from './thread.ts'
import type { ClientFrame, ServerFrame } from './types.ts'

/** A socket whose other end is the test. */
class FakeSocket {
  static all: FakeSocket[] = []
  sent: ClientFrame[] = []
  closed = false
  onopen: (() => unknown) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly url: string) {
    FakeSocket.all.push(this)
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.closed = true
  }

  hear(...frames: ServerFrame[]): void {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) })
  }

  async accept(): Promise<void> {
    await this.onopen?.()
    const person = { id: 'ana', role: 'buyer', name: 'Ana', language: 'en' } as const
    this.hear({ type: 'ready', person, at: '2026-03-02T10:00:00Z' })
  }

  of<T extends ClientFrame['type']>(type: T): Extract<ClientFrame, { type: T }>[] {
    return this.sent.filter((frame) => frame.type === type) as never
  }

  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1]!
  }
}

const at = '2026-03-02T10:00:00Z'
const C = 'conversation-1'
const store = () => sessionStore('test.', sessionStorage)

function event(seq: number, client_id: string | null = null): ServerFrame {
  const author = { id: 'ana', name: 'Ana', party: 'buyer' } as const
  const data = {
    message_id: `m${seq}`,
    client_id,
    author,
    kind: 'text' as const,
    body: `text ${seq}`,
    language: null,
  }
  return { type: 'event', conversation: C, seq, kind: 'message', at, data }
}

const ack = (client_id: string, seq: number): ServerFrame => ({
  type: 'ack',
  client_id,
  conversation: C,
  message_id: `m${seq}`,
  seq,
  at,
})

let frames: (() => void)[] = []
const paint = () => {
  for (const run of frames.splice(0)) run()
}

function connect(more: Partial<LiveOptions> = {}): Live {
  const live = new Live({
    url: 'ws://test',
    credentials: () => ({ token: 'secret', csrf: null }),
    store: store(),
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    frame: (run) => frames.push(run),
    random: () => 1,
    ...more,
  })
  live.start()
  return live
}

const post = (client_id: string) => ({ conversation: C, client_id, body: `body of ${client_id}` })

beforeEach(() => {
  vi.useFakeTimers()
  sessionStorage.clear()
  FakeSocket.all = []
  frames = []
})
afterEach(() => {
  vi.useRealTimers()
})

describe('signing in', () => {
  it('proves itself in the first frame, and says nothing before it is known', async () => {
    const live = connect()
    live.post(post('a'))
    expect(FakeSocket.last.sent).toEqual([])
    await FakeSocket.last.accept()
    expect(FakeSocket.last.sent[0]).toEqual({ type: 'auth', token: 'secret', csrf: null })
    expect(live.status.value).toBe('online')
    expect(FakeSocket.last.of('post').map((frame) => frame.client_id)).toEqual(['a'])
  })

  it('asks for new credentials once after 4401, and ends when there are none', async () => {
    const renew = vi.fn().mockResolvedValueOnce(true).mockResolvedValueOnce(false)
    const live = connect({ renew })
    FakeSocket.last.onclose?.({ code: 4401 })
    await vi.advanceTimersByTimeAsync(1000)
    expect(FakeSocket.all).toHaveLength(2)
    FakeSocket.last.onclose?.({ code: 4401 })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSocket.all).toHaveLength(2)
    expect(live.status.value).toBe('idle')
  })
})

describe('resuming', () => {
  it('asks after the last event it has', async () => {
    const live = connect()
    const { thread } = follow(live, C)
    await FakeSocket.last.accept()
    expect(FakeSocket.last.of('subscribe')[0]?.after).toBe(0)
    FakeSocket.last.hear(event(1), event(2))
    paint()
    FakeSocket.last.onclose?.({ code: 1006 })
    expect(live.status.value).toBe('offline')
    await vi.advanceTimersByTimeAsync(500)
    await FakeSocket.last.accept()
    expect(FakeSocket.last.of('subscribe')).toEqual([
      { type: 'subscribe', conversation: C, after: 2 },
    ])
    FakeSocket.last.hear(event(2), event(3))
    paint()
    expect(thread.value.items.map((item) => item.seq)).toEqual([1, 2, 3])
  })

  it('fetches a gap once, from the last contiguous event', async () => {
    const live = connect()
    const { thread } = follow(live, C)
    await FakeSocket.last.accept()
    FakeSocket.last.hear(event(1), event(4), event(5))
    expect(FakeSocket.last.of('subscribe').map((frame) => frame.after)).toEqual([0, 1])
    FakeSocket.last.hear(event(2), event(3), event(4), event(5))
    paint()
    expect(thread.value.seq).toBe(5)
  })

  it('waits longer each time, and not at all when the network says it is back', async () => {
    connect()
    for (const wait of [500, 1000, 2000]) {
      const before = FakeSocket.all.length
      FakeSocket.last.onclose?.({ code: 1006 })
      await vi.advanceTimersByTimeAsync(wait - 1)
      expect(FakeSocket.all).toHaveLength(before)
      await vi.advanceTimersByTimeAsync(1)
      expect(FakeSocket.all).toHaveLength(before + 1)
    }
    FakeSocket.last.onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(0)
    dispatchEvent(new Event('online'))
    expect(FakeSocket.all).toHaveLength(5)
  })

  it('says nothing of a restart of the server that is over soon', async () => {
    const live = connect({ random: () => 0.5 })
    await FakeSocket.last.accept()
    FakeSocket.last.onclose?.({ code: 1012 })
    expect(live.status.value).toBe('connecting')
    await vi.advanceTimersByTimeAsync(500)
    expect(FakeSocket.all).toHaveLength(2)
    FakeSocket.last.onclose?.({ code: 1006 })
    expect(live.status.value).toBe('offline')
  })

  it('gives up a connection that has gone silent', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    await vi.advanceTimersByTimeAsync(30_000)
    expect(live.status.value).toBe('offline')
    expect(FakeSocket.all[0]?.closed).toBe(true)
  })

  it('draws a burst in one go', async () => {
    const live = connect()
    const batches: number[] = []
    live.subscribe(C, 0, { events: (events) => batches.push(events.length) })
    await FakeSocket.last.accept()
    FakeSocket.last.hear(...Array.from({ length: 100 }, (_, index) => event(index + 1)))
    paint()
    expect(batches).toEqual([100])
  })
})

describe('nothing lost, nothing doubled', () => {
  it('sends again what was not acknowledged, under the same client_id, in order', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    for (const id of ['a', 'b', 'c']) live.post(post(id))
    FakeSocket.last.hear(ack('a', 1))
    FakeSocket.last.onclose?.({ code: 1006 })
    await vi.advanceTimersByTimeAsync(500)
    await FakeSocket.last.accept()
    expect(FakeSocket.last.of('post').map((frame) => frame.client_id)).toEqual(['b', 'c'])
  })

  it('keeps them over a reload of the page', async () => {
    const first = connect()
    first.post(post('a'))
    first.stop()
    connect()
    await FakeSocket.last.accept()
    expect(FakeSocket.last.of('post').map((frame) => frame.body)).toEqual(['body of a'])
  })

  it('keeps the entry until its event is drawn, whichever comes first', async () => {
    const live = connect()
    const { thread } = follow(live, C)
    await FakeSocket.last.accept()
    live.post(post('a'))
    FakeSocket.last.hear(ack('a', 1))
    expect(live.outbox.find('a')?.acked).toBe(true)
    FakeSocket.last.hear(event(1, 'a'))
    paint()
    expect(live.outbox.entries.value).toEqual([])

    live.post(post('b'))
    FakeSocket.last.hear(event(2, 'b'))
    paint()
    FakeSocket.last.hear(ack('b', 2))
    expect(live.outbox.entries.value).toEqual([])
    expect(thread.value.items).toHaveLength(2)
  })

  it('keeps a refused message with its reason, until it is sent again', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    live.post(post('a'))
    FakeSocket.last.hear({
      type: 'problem',
      client_id: 'a',
      conversation: C,
      code: 'message_too_long',
      title: 'Too long',
      detail: 'At most 4000 characters.',
      status: 422,
    })
    expect(live.outbox.find('a')?.failed?.code).toBe('message_too_long')
    expect(live.outbox.unsent()).toEqual([])
    live.retry('a')
    expect(FakeSocket.last.of('post')).toHaveLength(2)
  })

  it('tries again by itself when the server only said "not now"', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    live.post(post('a'))
    const { last } = FakeSocket
    const problem = { code: 'too_many', title: 'Too many', detail: null, status: 429 }
    last.hear({ type: 'problem', client_id: 'a', conversation: C, ...problem })
    expect(live.outbox.find('a')?.failed).toBeUndefined()
    await vi.advanceTimersByTimeAsync(15_000)
    expect(last.of('post')).toHaveLength(2)
  })

  it('waits as long as the server asks, and keeps the order meanwhile', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    live.post(post('a'))
    const problem = { code: 'too_fast', title: 'Slowly', detail: 'Go on in 4 s.', status: 429 }
    const params = { retry_after: 4 }
    FakeSocket.last.hear({ type: 'problem', client_id: 'a', conversation: C, ...problem, params })
    live.post(post('b'))
    live.post({ ...post('x'), conversation: 'another' })
    const sent = () => FakeSocket.last.of('post').map((frame) => frame.client_id)
    expect(sent()).toEqual(['a', 'x'])
    expect(live.outbox.find('a')?.held?.until).toBe(Date.now() + 4000)
    await vi.advanceTimersByTimeAsync(3999)
    expect(sent()).toEqual(['a', 'x'])
    await vi.advanceTimersByTimeAsync(1)
    expect(sent()).toEqual(['a', 'x', 'a', 'b', 'x'])
  })

  it('sends a refused reply again under the same id, with what its author knows now', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    live.post({ ...post('a'), after: 3 })
    const refusal = { code: 'answered_meanwhile', title: 'Answered', detail: null, status: 409 }
    const params = { seq: 5 }
    FakeSocket.last.hear({ type: 'problem', client_id: 'a', conversation: C, ...refusal, params })
    expect(live.outbox.find('a')?.failed?.params).toEqual({ seq: 5 })
    live.retry('a', { after: 5 })
    expect(FakeSocket.last.of('post').map((frame) => [frame.client_id, frame.after])).toEqual([
      ['a', 3],
      ['a', 5],
    ])
  })

  it('sends of a quotation only what it quotes', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    const author = { name: 'Marta', party: 'staff' as const }
    live.post({ ...post('a'), quote: { message_id: 'm1', author, excerpt: 'Hello' } })
    expect(FakeSocket.last.of('post')[0]?.quote).toBe('m1')
  })

  it('follows a conversation it opens only once the opening is stored', async () => {
    const live = connect()
    await FakeSocket.last.accept()
    live.post({ ...post('a'), open: { channel: 'chat', site: 'pk', language: 'en' } })
    follow(live, C)
    expect(FakeSocket.last.of('subscribe')).toEqual([])
    FakeSocket.last.hear(ack('a', 1))
    expect(FakeSocket.last.of('subscribe')).toEqual([
      { type: 'subscribe', conversation: C, after: 0 },
    ])
  })
})

describe('what others notice', () => {
  const typing = (on: boolean): ServerFrame => ({
    ...{ type: 'typing', conversation: C, party: 'staff', name: 'Marta', on },
  })

  it('tells that a message of others has come, and nothing about our own', async () => {
    const live = connect()
    follow(live, C)
    await FakeSocket.last.accept()
    const own = event(1) as Extract<ServerFrame, { type: 'event' }>
    FakeSocket.last.hear(own)
    paint()
    expect(FakeSocket.last.of('seen')).toEqual([])
    const theirs = structuredClone({ ...own, seq: 2 })
    if (theirs.kind === 'message') theirs.data.author = { id: 'm', name: 'Marta', party: 'staff' }
    FakeSocket.last.hear(theirs)
    paint()
    expect(FakeSocket.last.of('seen')).toEqual([
      { type: 'seen', conversation: C, seq: 2, read: false },
    ])
  })

  it('shows who writes, until they stop, go silent, or have said it', async () => {
    const live = connect()
    const followed = follow(live, C)
    await FakeSocket.last.accept()
    const names = () => followed.typing.value.map(({ name }) => name)
    FakeSocket.last.hear(typing(true))
    expect(names()).toEqual(['Marta'])
    FakeSocket.last.hear(typing(false))
    expect(names()).toEqual([])
    FakeSocket.last.hear(typing(true))
    await vi.advanceTimersByTimeAsync(7000)
    expect(names()).toEqual([])
  })
})
