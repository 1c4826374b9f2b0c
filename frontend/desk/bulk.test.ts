import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from '../core/api.ts'
import { useCatalogue } from '../core/i18n.ts'
import { Desk } from './desk.ts'
import english from './locales/en.json'

const ANA = '0190aaaa-0000-7000-8000-000000000001'
const OLGA = '0190aaaa-0000-7000-8000-000000000002'
const MARTA = { id: 'marta', role: 'operator', name: 'Marta', language: 'en' } as const

let desk: Desk
let posts: { conversations: string[]; action: unknown; id: string }[]
let answer: () => Response

const json = (data: unknown, status = 200) =>
  new Response(JSON.stringify(data), {
    status,
    headers: { 'content-type': 'application/json' },
  })

const row = (id: string, name: string) => ({
  ...{ id, channel: 'chat', state: 'assigned', language: 'en', topic: null, operator: null },
  ...{ buyer: { id: name, name }, priority: 5, last_message: null, unanswered: false },
})

beforeEach(async () => {
  vi.useFakeTimers()
  localStorage.clear()
  useCatalogue('en', english)
  posts = []
  answer = () => json({ done: [ANA, OLGA], failed: [] })
  const fetch = async (url: string, init?: RequestInit) => {
    if (url.includes('/inbox'))
      return json({ items: [row(ANA, 'Ana'), row(OLGA, 'Olga')], next: null })
    if (!url.includes('/bulk')) return json({})
    posts.push(JSON.parse(String(init?.body)))
    return answer()
  }
  const api = new Api({ fetch: fetch as never })
  desk = new Desk({ api, person: MARTA, csrf: () => 'c', renew: async () => false })
  desk.lists.show('mine')
  await vi.advanceTimersByTimeAsync(10)
  desk.selection.add([ANA, OLGA])
})

afterEach(() => vi.useRealTimers())

const rows = () => desk.lists.rows.value.map(({ id }) => id)

describe('one action on many', () => {
  it('is gone from the list at once and final after five seconds, in one request', async () => {
    desk.bulk.run({ do: 'resolve' })
    expect(rows()).toEqual([])
    expect(desk.selection.size.value).toBe(0)
    await vi.advanceTimersByTimeAsync(4900)
    expect(posts).toEqual([])
    await vi.advanceTimersByTimeAsync(200)
    expect(posts).toMatchObject([{ conversations: [ANA, OLGA], action: { do: 'resolve' } }])
  })

  it('can be taken back: nothing was sent, and the same rows are chosen again', async () => {
    desk.bulk.run({ do: 'resolve' })
    desk.undo()
    await vi.advanceTimersByTimeAsync(9000)
    expect(posts).toEqual([])
    expect(rows()).toEqual([ANA, OLGA])
    expect([...desk.selection.ids.value]).toEqual([ANA, OLGA])
  })

  it('says by name who was not changed, and shows them again', async () => {
    answer = () => json({ done: [ANA], failed: [{ id: OLGA, code: 'not_found' }] })
    desk.bulk.run({ do: 'resolve' })
    await vi.advanceTimersByTimeAsync(5100)
    expect(desk.bulk.failures.value).toMatchObject([{ id: OLGA, name: 'Olga' }])
    expect(desk.bulk.failures.value[0]?.why).not.toBe('')
    expect(rows()).toContain(OLGA)
  })

  it('is sent before the operator signs out', async () => {
    desk.bulk.run({ do: 'tag', tag: 'late' })
    expect(rows()).toEqual([ANA, OLGA])
    await desk.settle()
    expect(posts).toHaveLength(1)
  })

  it('leaves everything as it was when the server cannot be reached', async () => {
    answer = () => json({ code: 'unavailable', title: 'x' }, 503)
    desk.bulk.run({ do: 'resolve' })
    await vi.advanceTimersByTimeAsync(5100)
    expect(rows()).toEqual([ANA, OLGA])
  })
})
