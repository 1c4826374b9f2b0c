import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from '../core/api.ts'
import { useCatalogue } from '../core/i18n.ts'
import { Live } from '../core/live.ts'
import { sessionStore } from '../core/storage.ts'
import type { ClientFrame, Conversation, MessageData, ServerFrame } from '../core/types.ts'
import { Desk } from './desk.ts'
import english from './locales/en.json'
import { route } from './routes.ts'

const at = '2026-03-02T10:00:00Z'
const MARTA = { id: 'marta', role: 'operator', name: 'Marta', language: 'en' } as const
const marta = { id: 'marta', name: 'Marta' }
const C = '0190aaaa-0000-7000-8000-000000000001'

function conversation(more: Partial<Conversation> = {}): Conversation {
  return {
    id: C,
    channel: 'chat',
    state: 'waiting',
    language: 'en',
    topic: null,
    question: null,
    order_ref: null,
    created_at: at,
    updated_at: at,
    last_seq: 0,
    party: 'staff',
    buyer: { id: 'ana', name: 'Ana' },
    operator: null,
    preview: null,
    ...more,
  }
}

/** The other end of the wire: answers by path, and a socket that the test speaks through. */
class Wire {
  requests: { method: string; path: string; body: Record<string, unknown> | null }[] = []
  answers: Record<string, () => Response> = {}
  socket!: FakeSocket

  readonly fetch = async (url: string, init?: RequestInit): Promise<Response> => {
    const path = url.replace('/api/v1', '').replace(/\?.*/, '')
    const method = init?.method ?? 'GET'
    this.requests.push({ method, path, body: init?.body ? JSON.parse(String(init.body)) : null })
    return (this.answers[`${method} ${path}`] ?? (() => json({})))()
  }

  of(path: string) {
    return this.requests.filter((request) => request.path === path)
  }
}

class FakeSocket {
  sent: ClientFrame[] = []
  onopen: (() => unknown) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose = null
  send = (text: string) => void this.sent.push(JSON.parse(text))
  close(): void {}
  hear(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  get posts() {
    return this.sent.filter((frame) => frame.type === 'post')
  }
}

const json = (data: unknown, status = 200) =>
  new Response(data === null ? null : JSON.stringify(data), {
    status,
    headers: { 'content-type': 'application/json' },
  })

let wire: Wire
let desk: Desk
const settle = () => vi.advanceTimersByTimeAsync(1)

async function start(): Promise<void> {
  const socket = new FakeSocket()
  wire.socket = socket
  const api = new Api({ fetch: wire.fetch as typeof fetch })
  const live = new Live({
    url: 'ws://test',
    credentials: () => ({ token: null, csrf: 'c' }),
    store: sessionStore('test.', sessionStorage),
    frame: (run) => run(),
    WebSocket: function Socket() {
      return socket
    } as never,
  })
  desk = new Desk({ api, person: MARTA, csrf: () => 'c', renew: async () => false, live })
  desk.start()
  await socket.onopen?.()
  socket.hear({ type: 'ready', person: MARTA, at })
}

async function opened(more: Partial<Conversation>): Promise<void> {
  wire.answers[`GET /conversations/${C}`] = () => json(conversation(more))
  desk.show({ app: 'desk', view: 'mine', id: C })
  await settle()
}

function written(seq: number, party: 'buyer' | 'staff'): ServerFrame {
  const data: MessageData = {
    message_id: `m${seq}`,
    client_id: null,
    author: { id: party, name: party, party },
    kind: 'text',
    body: 'x',
    language: null,
  }
  return { type: 'event', conversation: C, seq, kind: 'message', at, data }
}

beforeEach(async () => {
  vi.useFakeTimers()
  localStorage.clear()
  sessionStorage.clear()
  useCatalogue('en', english)
  wire = new Wire()
  wire.answers['GET /desk/inbox'] = () => json({ items: [], next: null })
  wire.answers['GET /desk/counts'] = () => json({ waiting: 0, mine: 0, all_open: 0 })
  await start()
})

afterEach(() => {
  desk.stop()
  vi.useRealTimers()
})

describe('take next', () => {
  it('puts the conversation on the screen, ready to be answered', async () => {
    const taken = conversation({ state: 'assigned', operator: marta })
    wire.answers['POST /desk/take-next'] = () => json(taken)
    wire.answers[`GET /conversations/${C}`] = () => json(taken)
    await desk.taking.takeNext()
    expect(route.value).toEqual({ app: 'desk', view: 'mine', id: C })
    expect(desk.open.value?.mode.value).toBe('reply')
  })

  it('asks again under the same id when the answer was lost: never two at once', async () => {
    wire.answers['POST /desk/take-next'] = () => {
      throw new TypeError('network')
    }
    await desk.taking.takeNext()
    wire.answers['POST /desk/take-next'] = () => json(conversation())
    await desk.taking.takeNext()
    await desk.taking.takeNext()
    const [lost, again, next] = wire.of('/desk/take-next').map(({ body }) => body?.id)
    expect(again).toBe(lost)
    expect(next).not.toBe(lost)
  })

  it('changes nothing when nobody waits', async () => {
    wire.answers['POST /desk/take-next'] = () => json(null, 204)
    await desk.taking.takeNext()
    expect(desk.open.value).toBeNull()
  })
})

it('of two takers the loser cannot reply, and the conversation says whose it is', async () => {
  await opened({})
  const teo = { id: 'teo', name: 'Teo' }
  const problem = { code: 'already_taken', title: 'Taken', params: { operator: 'Teo' } }
  wire.answers[`POST /desk/conversations/${C}/take`] = () => json(problem, 409)
  wire.answers[`GET /conversations/${C}`] = () =>
    json(conversation({ state: 'assigned', operator: teo }))
  await desk.taking.take()
  await settle()
  expect(desk.open.value?.lock.value).toBe('other')
  expect(desk.thread.writing.send('reply')).toBe(false)
})

describe('a note and a reply', () => {
  beforeEach(() => opened({ state: 'assigned', operator: marta }))

  it('are two texts: switching the side never carries a text over', async () => {
    const open = desk.open.value!
    open.choose('note')
    open.texts.note.value = 'card looks stolen'
    open.choose('reply')
    expect(open.texts.reply.value).toBe('')
    expect(desk.thread.writing.send('reply')).toBe(false)
    expect(wire.socket.posts).toEqual([])
    open.choose('note')
    expect(desk.thread.writing.send('note')).toBe(true)
    expect(wire.socket.posts).toMatchObject([{ body: 'card looks stolen', note: true }])
  })

  it('keep their side while the conversation changes hands', async () => {
    const open = desk.open.value!
    open.texts.reply.value = 'Dear Ana'
    open.take(conversation({ state: 'resolved', operator: null }))
    expect(open.mode.value).toBe('reply')
    expect(desk.thread.writing.send('reply')).toBe(false)
    expect(open.texts.reply.value).toBe('Dear Ana')
  })

  it('come back to their own side when they were refused', async () => {
    const open = desk.open.value!
    open.texts.note.value = 'a note'
    desk.thread.writing.send('note')
    const [post] = wire.socket.posts as { client_id: string }[]
    wire.socket.hear({
      type: 'problem',
      client_id: post!.client_id,
      conversation: C,
      code: 'message_too_long',
      title: 'Too long',
      detail: null,
      status: 422,
    })
    desk.thread.writing.takeBack(post!.client_id)
    expect(open.texts.note.value).toBe('a note')
    expect(open.texts.reply.value).toBe('')
    expect(desk.live.outbox.entries.value).toEqual([])
  })

  it('survive leaving the conversation and a reload', async () => {
    desk.open.value!.texts.reply.value = 'half an answer'
    desk.show({ app: 'desk', view: 'mine', id: null })
    desk.stop()
    await start()
    await opened({ state: 'assigned', operator: marta })
    expect(desk.open.value!.texts.reply.value).toBe('half an answer')
  })
})

describe('resolving', () => {
  const path = `/desk/conversations/${C}/resolve`
  beforeEach(async () => {
    await opened({ state: 'assigned', operator: marta })
    const data = { from: 'waiting', to: 'assigned', reason: null, operator: marta } as const
    wire.socket.hear({ type: 'event', conversation: C, seq: 1, kind: 'state', at, data })
    wire.socket.hear({ type: 'caught_up', conversation: C, seq: 1 })
    expect(desk.open.value?.lock.value).toBeNull()
  })

  it('is final after five seconds, not before', async () => {
    desk.thread.resolve()
    await vi.advanceTimersByTimeAsync(4900)
    expect(wire.of(path)).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(wire.of(path)).toHaveLength(1)
  })

  it('can be undone, and then nothing was sent', async () => {
    desk.thread.resolve()
    expect(desk.undoable.last()).toBe(C)
    desk.undo()
    await vi.advanceTimersByTimeAsync(9000)
    expect(wire.of(path)).toEqual([])
    expect(route.value).toMatchObject({ id: C })
  })

  it('is final at once for whoever opens it again, and the thread goes on', async () => {
    desk.thread.resolve()
    desk.show({ app: 'desk', view: 'all', id: null })
    desk.show({ app: 'desk', view: 'all', id: C })
    await settle()
    expect(wire.of(path)).toHaveLength(1)
    wire.socket.hear(written(2, 'buyer'))
    expect(desk.open.value?.followed.thread.value.seq).toBe(2)
  })

  it('does not happen when the buyer wrote in these seconds', async () => {
    desk.thread.resolve()
    expect(desk.lists.hidden.value.has(C)).toBe(true)
    wire.socket.hear(written(2, 'buyer'))
    await vi.advanceTimersByTimeAsync(9000)
    expect(wire.of(path)).toEqual([])
    expect(desk.lists.hidden.value.size).toBe(0)
  })
})
