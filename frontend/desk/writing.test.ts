import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useCatalogue } from '../core/i18n.ts'
import { at, atDesk, C, json, marta, opened, settle, Wire, written } from './desk.fixture.ts'
import type { Desk } from './desk.ts'
import english from './locales/en.json'
import { undecided } from './second-answer.ts'
import type { Macro } from './thread-types.ts'

const teo = { id: 'teo', name: 'Teo', party: 'staff' } as const
let wire: Wire
let desk: Desk

const reply = (text: string) => {
  desk.open.value!.texts.reply.value = text
}
const posts = () => wire.socket.posts as { client_id: string; after?: number; body: string }[]
const answered = (seq: number) => written(seq, 'staff', { author: teo, body: 'Teo was faster' })

function refuse(clientId: string, seq: number): void {
  const params = { message_id: `m${seq}`, seq, body: 'Teo was faster', operator: 'Teo' }
  wire.socket.hear({
    ...{ type: 'problem', client_id: clientId, conversation: C, params },
    ...{ code: 'answered_meanwhile', title: 'Answered', detail: null, status: 409 },
  })
}

async function arrive(): Promise<void> {
  desk = await atDesk(wire)
  await opened(desk, wire, { state: 'assigned', operator: marta })
  const data = { from: 'waiting', to: 'assigned', reason: null, operator: marta } as const
  wire.socket.hear({ type: 'event', conversation: C, seq: 1, kind: 'state', at, data })
  wire.socket.hear(written(2, 'buyer'))
  wire.socket.hear({ type: 'caught_up', conversation: C, seq: 2 })
}

beforeEach(async () => {
  vi.useFakeTimers()
  localStorage.clear()
  sessionStorage.clear()
  useCatalogue('en', english)
  wire = new Wire()
  wire.answers['GET /desk/inbox'] = () => json({ items: [], next: null })
  wire.answers['GET /desk/counts'] = () => json({ waiting: 0, mine: 0, all_open: 0 })
  await arrive()
})

afterEach(() => {
  desk.stop()
  vi.useRealTimers()
})

describe('a second answer', () => {
  it('is not sent while its author has not decided about the first', async () => {
    reply('My answer')
    wire.socket.hear(answered(3))
    const open = desk.open.value!
    expect(open.meanwhile.value).toMatchObject([{ operator: 'Teo', body: 'Teo was faster' }])
    expect(desk.thread.writing.submit('reply', open)).toBe(false)
    expect(posts()).toEqual([])
    open.accept()
    expect(desk.thread.writing.submit('reply', open)).toBe(true)
    expect(posts()).toMatchObject([{ body: 'My answer', after: 3 }])
  })

  it('knows only of what was there when it was begun', () => {
    reply('My answer')
    wire.socket.hear(written(3, 'buyer'))
    desk.thread.writing.send('reply')
    expect(posts()).toMatchObject([{ after: 2 }])
  })

  it('that the server refused waits for its author and is not sent again by itself', async () => {
    reply('My answer')
    desk.thread.writing.send('reply')
    refuse(posts()[0]!.client_id, 3)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(posts()).toHaveLength(1)
    expect(undecided(desk.live.outbox.entries.value, C)).toHaveLength(1)
  })

  it('can be sent too: under the same id, knowing of the first', () => {
    reply('My answer')
    desk.thread.writing.send('reply')
    const { client_id } = posts()[0]!
    refuse(client_id, 3)
    const [entry] = undecided(desk.live.outbox.entries.value, C)
    desk.thread.writing.sendToo(entry!, desk.open.value!)
    expect(posts()[1]).toMatchObject({ client_id, after: 3, body: 'My answer' })
  })

  it('can be kept: the text is back, and knows of the first', () => {
    reply('My answer')
    desk.thread.writing.send('reply')
    refuse(posts()[0]!.client_id, 3)
    const [entry] = undecided(desk.live.outbox.entries.value, C)
    desk.thread.writing.keep(entry!, desk.open.value!)
    wire.socket.hear(answered(3))
    const open = desk.open.value!
    expect(open.texts.reply.value).toBe('My answer')
    expect(desk.live.outbox.entries.value).toEqual([])
    expect(open.meanwhile.value).toEqual([])
  })

  it('is still to be decided after a reload', async () => {
    reply('My answer')
    desk.thread.writing.send('reply')
    refuse(posts()[0]!.client_id, 3)
    desk.stop()
    wire = Object.assign(new Wire(), { answers: wire.answers })
    await arrive()
    expect(undecided(desk.live.outbox.entries.value, C)).toMatchObject([{ body: 'My answer' }])
    expect(posts()).toEqual([])
  })

  it('is seen coming after a reload too', async () => {
    reply('My answer')
    await settle()
    desk.stop()
    wire = Object.assign(new Wire(), { answers: wire.answers })
    await arrive()
    wire.socket.hear(answered(3))
    expect(desk.open.value!.meanwhile.value).toHaveLength(1)
  })
})

describe('what others notice', () => {
  const looks = () =>
    wire.socket.sent.flatMap((frame) => (frame.type === 'look' ? [frame.mode] : []))

  it('is that one looks, answers, rests, and leaves', async () => {
    expect(looks()).toEqual(['viewing'])
    reply('H')
    expect(looks().at(-1)).toBe('replying')
    for (let second = 0; second < 31; second += 10) {
      await vi.advanceTimersByTimeAsync(10_000)
      wire.socket.hear({ type: 'pong' })
    }
    expect(looks().at(-1)).toBe('viewing')
    desk.show({ app: 'desk', view: 'mine', id: null })
    expect(looks().at(-1)).toBeNull()
  })

  it('is not that one writes a note', () => {
    desk.open.value!.texts.note.value = 'stolen card?'
    expect(looks()).toEqual(['viewing'])
    expect(wire.socket.sent.filter(({ type }) => type === 'typing')).toEqual([])
  })
})

describe('a macro', () => {
  const macro: Macro = {
    ...{ id: 'm1', key: 'late', name: 'Late', texts: { en: 'Sorry' }, shared: true },
    actions: [{ do: 'tag', tag: 'late' }],
  }
  const runs = () => wire.of(`/desk/conversations/${C}/macro`)

  it('does what it does once, after its text is stored', async () => {
    reply('Sorry')
    desk.open.value!.macro.value = macro
    desk.thread.writing.send('reply')
    await settle()
    expect(runs()).toEqual([])
    const { client_id } = posts()[0]!
    const { id: _, ...author } = { ...teo, name: 'Marta' }
    const own = { client_id, author: { ...author, id: marta.id }, body: 'Sorry' }
    wire.socket.hear(written(3, 'staff', own))
    await settle()
    wire.socket.hear(written(4, 'buyer'))
    await settle()
    expect(runs()).toMatchObject([{ body: { macro: 'm1' } }])
  })

  it('does nothing when its text was refused, and comes back with it', async () => {
    reply('Sorry')
    desk.open.value!.macro.value = macro
    desk.thread.writing.send('reply')
    refuse(posts()[0]!.client_id, 3)
    const [entry] = undecided(desk.live.outbox.entries.value, C)
    desk.thread.writing.keep(entry!, desk.open.value!)
    await settle()
    expect(runs()).toEqual([])
    expect(desk.open.value!.macro.value).toEqual(macro)
  })
})

it('a hole in the text keeps it from leaving', () => {
  reply('About {order}')
  expect(desk.thread.writing.submit('reply', desk.open.value!)).toBe(false)
  expect(posts()).toEqual([])
})

describe('deleting a message', () => {
  const path = `/conversations/${C}/messages/m2`
  const message = { message_id: 'm2', client_id: null, body: 'x', language: null } as const

  it('can be undone for five seconds, then it is final', async () => {
    const data = { ...message, author: teo, kind: 'text' } as const
    desk.thread.writing.remove(C, data)
    expect(desk.thread.writing.leaving.value.has('m2')).toBe(true)
    desk.undo()
    await vi.advanceTimersByTimeAsync(9000)
    expect(wire.of(path)).toEqual([])
    expect(desk.thread.writing.leaving.value.size).toBe(0)
    desk.thread.writing.remove(C, data)
    await vi.advanceTimersByTimeAsync(5100)
    expect(wire.of(path)).toMatchObject([{ method: 'DELETE' }])
  })
})
