/** A desk with the other end of its wire, for tests. */
import { vi } from 'vitest'
import { Api } from '../core/api.ts'
import { Live } from '../core/live.ts'
import { sessionStore } from '../core/storage.ts'
import type { ClientFrame, Conversation, MessageData, ServerFrame } from '../core/types.ts'
import { Desk } from './desk.ts'
import { session } from './session.ts'

export const at = '2026-03-02T10:00:00Z'
export const MARTA = { id: 'marta', role: 'operator', name: 'Marta', language: 'en' } as const
export const marta = { id: 'marta', name: 'Marta' }
export const C = '0190aaaa-0000-7000-8000-000000000001'

export function conversation(more: Partial<Conversation> = {}): Conversation {
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
    unread: 0,
    merged_into: null,
    party: 'staff',
    buyer: { id: 'ana', name: 'Ana' },
    operator: null,
    preview: null,
    ...more,
  }
}

/** The other end of the wire: answers by path, and a socket that the test speaks through. */
export class Wire {
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

export class FakeSocket {
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

export const json = (data: unknown, status = 200) =>
  new Response(data === null ? null : JSON.stringify(data), {
    status,
    headers: { 'content-type': 'application/json' },
  })

export const settle = () => vi.advanceTimersByTimeAsync(1)

/** A desk that is connected to the wire. */
export async function atDesk(wire: Wire): Promise<Desk> {
  const socket = new FakeSocket()
  wire.socket = socket
  session.value = { phase: 'in', person: MARTA }
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
  const desk = new Desk({ api, person: MARTA, csrf: () => 'c', renew: async () => false, live })
  desk.start()
  await socket.onopen?.()
  socket.hear({ type: 'ready', person: MARTA, at })
  return desk
}

/** Put the conversation on the screen. */
export async function opened(desk: Desk, wire: Wire, more: Partial<Conversation>): Promise<void> {
  wire.answers[`GET /conversations/${C}`] = () => json(conversation(more))
  desk.show({ app: 'desk', view: 'mine', id: C })
  await settle()
}

/** A message of somebody, as the socket tells of it. */
export function written(
  seq: number,
  party: 'buyer' | 'staff',
  more: Partial<MessageData> = {},
): ServerFrame {
  const data: MessageData = {
    message_id: `m${seq}`,
    client_id: null,
    author: { id: party, name: party, party },
    kind: 'text',
    body: 'x',
    language: null,
    ...more,
  }
  return { type: 'event', conversation: C, seq, kind: 'message', at, data }
}
