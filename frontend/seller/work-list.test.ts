import { afterEach, describe, expect, it, vi } from 'vitest'
import { Api } from '../core/api.ts'
import { WorkList } from './work-list.ts'

const row = (id: string, yours = false) => ({ id, yours })

/** A server that answers each question when it is told to. */
function server() {
  const asked: { url: string; answer(body: unknown, status?: number): void }[] = []
  const fetch = (url: string) =>
    new Promise<Response>((resolve) => {
      const headers = { 'Content-Type': 'application/json' }
      const answer = (body: unknown, status = 200) =>
        resolve(new Response(JSON.stringify(body), { status, headers }))
      asked.push({ url, answer })
    })
  return { asked, work: new WorkList(new Api({ fetch: fetch as typeof globalThis.fetch })) }
}

const ids = (work: WorkList) => work.shown.value.items.map(({ id }) => id)

afterEach(() => vi.useRealTimers())

describe('the work list', () => {
  it('puts what waits for the seller apart and keeps the order of each', async () => {
    const { asked, work } = server()
    const done = work.show('open', 'due')
    asked[0]!.answer({ items: [row('a'), row('b', true), row('c'), row('d', true)], next: null })
    await done
    expect(work.yours.value.map(({ id }) => id)).toEqual(['b', 'd'])
    expect(work.others.value.map(({ id }) => id)).toEqual(['a', 'c'])
    expect(asked[0]!.url).toContain('state=open&order_by=due')
  })

  it('drops the late answer to an earlier question', async () => {
    const { asked, work } = server()
    const first = work.show('open', 'due')
    const second = work.show('closed', 'due')
    asked[1]!.answer({ items: [row('closed')], next: null })
    await second
    asked[0]!.answer({ items: [row('open')], next: null })
    await first
    expect(ids(work)).toEqual(['closed'])
  })

  it('keeps what was read when the server does not answer, and says so', async () => {
    const { asked, work } = server()
    const first = work.show('open', 'due')
    asked[0]!.answer({ items: [row('a')], next: null })
    await first
    const again = work.refresh()
    asked[1]!.answer({}, 503)
    await again
    expect(ids(work)).toEqual(['a'])
    expect(work.shown.value.failed).toBe(true)
  })

  it('adds a page, without what it knows already, and asks for all of it afterwards', async () => {
    const { asked, work } = server()
    const first = work.show('open', 'due')
    asked[0]!.answer({ items: [row('a'), row('b')], next: 'p2' })
    await first
    const more = work.more()
    asked[1]!.answer({ items: [row('b'), row('c')], next: null })
    await more
    expect(ids(work)).toEqual(['a', 'b', 'c'])
    const again = work.refresh()
    asked[2]!.answer({ items: [row('a'), row('b')], next: 'p2' })
    await vi.waitFor(() => expect(asked).toHaveLength(4))
    asked[3]!.answer({ items: [row('c')], next: null })
    await again
    expect(ids(work)).toEqual(['a', 'b', 'c'])
  })

  it('empties at once when another list is chosen, so that nobody acts on the wrong one', () => {
    const { work } = server()
    work.shown.value = { ...work.shown.value, items: [row('a') as never], at: 1 }
    void work.show('closed', 'due')
    expect(ids(work)).toEqual([])
    expect(work.shown.value.at).toBe(null)
  })
})
