import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCatalogue } from '../core/i18n.ts'
import {
  at,
  atDesk,
  C,
  conversation,
  json,
  marta,
  opened,
  settle,
  Wire,
  written,
} from './desk.fixture.ts'
import type { Desk } from './desk.ts'
import english from './locales/en.json'
import { route } from './routes.ts'

let wire: Wire
let desk: Desk

beforeEach(async () => {
  vi.useFakeTimers()
  localStorage.clear()
  sessionStorage.clear()
  useCatalogue('en', english)
  wire = new Wire()
  wire.answers['GET /desk/inbox'] = () => json({ items: [], next: null })
  wire.answers['GET /desk/counts'] = () => json({ waiting: 0, mine: 0, all_open: 0 })
  desk = await atDesk(wire)
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
  await opened(desk, wire, {})
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
  beforeEach(() => opened(desk, wire, { state: 'assigned', operator: marta }))

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
    desk = await atDesk(wire)
    await opened(desk, wire, { state: 'assigned', operator: marta })
    expect(desk.open.value!.texts.reply.value).toBe('half an answer')
  })
})

describe('resolving', () => {
  const path = `/desk/conversations/${C}/resolve`
  beforeEach(async () => {
    await opened(desk, wire, { state: 'assigned', operator: marta })
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
