import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Api } from '../core/api.ts'
import { Attention } from './attention.ts'
import { Lists } from './lists.ts'
import { Search } from './search.ts'

let pages: Record<string, { items: unknown[]; next: string | null }>
let asked: string[]

const row = (id: string, more = {}) => ({
  ...{ id, state: 'assigned', unanswered: true, unread: 1, buyer: { id, name: id } },
  ...{ last_message: { author_party: 'buyer', body: 'x', at: '2026-03-02T10:00:00Z' } },
  ...more,
})

const api = new Api({
  fetch: (async (url: string, init?: RequestInit) => {
    asked.push(url.replace('/api/v1/desk/', ''))
    const found = Object.entries(pages).find(([start]) => url.includes(start))
    if (init?.signal?.aborted) throw new DOMException('', 'AbortError')
    return new Response(JSON.stringify(found?.[1] ?? {}), {
      headers: { 'content-type': 'application/json' },
    })
  }) as never,
})

const ids = (lists: Lists) => lists.rows.value.map(({ id }) => id)
const settle = () => vi.advanceTimersByTimeAsync(500)

beforeEach(() => {
  vi.useFakeTimers()
  localStorage.clear()
  asked = []
  pages = { inbox: { items: [row('a'), row('b')], next: null } }
})

describe('the inbox', () => {
  it('asks with what stands in the address, each list for itself', async () => {
    const lists = new Lists(api)
    lists.show('all', { tag: 'late', order: 'due' })
    await settle()
    expect(asked[0]).toBe('inbox?view=all&limit=40&tag=late&order=due')
    pages.inbox = { items: [], next: null }
    lists.show('all', { tag: 'broken' })
    await settle()
    expect(ids(lists)).toEqual([])
    lists.show('all', { tag: 'late', order: 'due' })
    expect(ids(lists)).toEqual(['a', 'b'])
  })

  it('does not move while somebody points at it, and catches up when they let go', async () => {
    const lists = new Lists(api)
    lists.show('mine')
    await settle()
    lists.hold(true)
    pages.inbox = { items: [row('c'), row('b')], next: null }
    lists.hint()
    await settle()
    expect(ids(lists)).toEqual(['a', 'b'])
    expect(lists.arrived.value).toBe(1)
    lists.hold(false)
    expect(ids(lists)).toEqual(['c', 'b'])
    expect(lists.arrived.value).toBe(0)
  })

  it('what one did oneself is seen at once, also under the pointer', async () => {
    const lists = new Lists(api)
    lists.show('mine')
    await settle()
    lists.hold(true)
    lists.remove('a', 'mine')
    expect(ids(lists)).toEqual(['b'])
  })
})

describe('what calls an operator', () => {
  it('is counted with mentions, and rings for what is new only when that is wished', async () => {
    const lists = new Lists(api)
    const ring = vi.fn()
    const attention = new Attention('marta', api, lists, { ring, notify: vi.fn() })
    attention.start()
    const hint = async (mentions: number) => {
      lists.counts.value = { waiting: 0, mine: 0, all_open: 0, due: 0, mentions }
      await vi.advanceTimersByTimeAsync(2500)
    }
    await hint(1)
    expect(attention.count.value).toBe(3)
    pages.inbox = { items: [row('a'), row('b'), row('c')], next: null }
    await hint(2)
    expect(ring).not.toHaveBeenCalled()
    attention.wish({ sound: true })
    pages.inbox = { items: [row('d'), row('a', { unread: 0 })], next: null }
    await hint(0)
    expect(attention.count.value).toBe(1)
    expect(ring).toHaveBeenCalledOnce()
    expect(new Attention('marta', api, lists, { ring, notify: vi.fn() }).wishes.value.sound).toBe(
      true,
    )
  })
})

describe('search', () => {
  const hit = (id: string) => ({ message_id: id, seq: 7, conversation: { id: `c-${id}` } })

  it('asks once for one question, nothing without words, and opens at the message', async () => {
    pages = { search: { items: [hit('m1'), hit('m2')], next: null } }
    const go = vi.fn()
    const search = new Search(api, go)
    search.show({ channel: 'chat' })
    search.show({ q: 'late', channel: 'chat' })
    search.show({ q: 'late', channel: 'chat' })
    await settle()
    expect(asked).toEqual(['search?q=late&channel=chat'])
    search.move(1)
    search.move(1)
    expect(go.mock.calls.map(([place]) => [place.id, place.at])).toEqual([
      ['c-m1', 7],
      ['c-m2', 7],
    ])
  })

  it('shows the answer to the last question, however the answers come', async () => {
    pages = {
      'q=old': { items: [hit('old')], next: null },
      'q=new': { items: [hit('new')], next: null },
    }
    const search = new Search(api, vi.fn())
    search.show({ q: 'old' })
    search.show({ q: 'new' })
    await settle()
    expect(search.found.value.hits.map((one) => one.message_id)).toEqual(['new'])
  })
})
