import { describe, expect, it } from 'vitest'
import { Api } from './api.ts'
import { type Case, CaseStore, Cases } from './cases.ts'

interface Asked {
  method: string
  path: string
  body: Record<string, unknown> | null
}

/** A server of one case that answers as each test says. */
function server(answers: ((asked: Asked) => Response | Promise<Response>)[]) {
  const asked: Asked[] = []
  const api = new Api({
    fetch: (async (path: string, { method, body }: RequestInit) => {
      const one = { method: method!, path, body: body ? JSON.parse(String(body)) : null }
      asked.push(one)
      const answer = answers.shift()
      if (!answer) throw new TypeError('cut')
      return answer(one)
    }) as unknown as typeof fetch,
  })
  return { asked, store: new CaseStore(new Cases(api, async () => ({})), 'c', seen(1)) }
}

function seen(version: number, more: Partial<Case> = {}): Case {
  return { id: 'c', version, actions: [], offer: null, proposal: null, ...more } as unknown as Case
}

const json = (status: number, data: unknown) => () =>
  new Response(JSON.stringify(data), {
    status,
    headers: { 'content-type': 'application/json' },
  })
const cut = () => Promise.reject(new TypeError('cut'))

describe('an act in a case', () => {
  it('names the version that was seen, and shows what came of it', async () => {
    const { asked, store } = server([json(200, seen(2))])
    expect(await store.act('refuse', { text: 'no' }, ['f'])).toBe(true)
    expect(asked[0]!.body).toMatchObject({
      ...{ action: 'refuse', data: { text: 'no' }, files: ['f'], version: 1 },
    })
    expect(store.item.value?.version).toBe(2)
  })

  it('is the same act when the line was cut and it is sent again', async () => {
    const { asked, store } = server([cut, json(200, seen(2))])
    expect(await store.act('refuse', { text: 'no' })).toBe(false)
    expect(store.refused.value).toMatchObject({ code: 'offline' })
    expect(await store.act('refuse', { text: 'no' })).toBe(true)
    expect(asked[1]!.body!.id).toBe(asked[0]!.body!.id)
    expect(store.refused.value).toBeNull()
  })

  it('is another one when it says something else', async () => {
    const { asked, store } = server([cut, cut])
    await store.act('refuse', { text: 'no' })
    await store.act('refuse', { text: 'never' })
    expect(asked[1]!.body!.id).not.toBe(asked[0]!.body!.id)
  })

  it('is sent once, however often it is pressed', async () => {
    const { asked, store } = server([json(200, seen(2)), json(200, seen(3))])
    const both = await Promise.all([store.act('refuse'), store.act('refuse')])
    expect([both, asked.length]).toEqual([[true, false], 1])
  })

  it('that is not possible any more shows the case as it is now, and keeps why', async () => {
    const problem = { code: 'case_action_not_possible', title: 'No', detail: 'It is closed.' }
    const { asked, store } = server([json(409, problem), json(200, seen(5))])
    expect(await store.act('refuse')).toBe(false)
    expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(store.item.value?.version).toBe(5)
    expect(store.refused.value).toMatchObject({ detail: 'It is closed.' })
  })

  it('accepts exactly the offer that was before the eyes', async () => {
    const { asked, store } = server([json(200, seen(2))])
    store.item.value = seen(1, {
      actions: [{ key: 'accept_offer', offer_version: 3 }],
    } as Partial<Case>)
    await store.act('accept_offer')
    expect(asked[0]!.body!.data).toEqual({ offer_version: 3 })
  })
})

describe('reading a case', () => {
  it('keeps what was read when a later reading fails', async () => {
    const { store } = server([cut])
    await store.load()
    expect(store.item.value?.version).toBe(1)
    expect(store.problem.value).toMatchObject({ code: 'offline' })
  })

  it('closes the form of what cannot be done any more', async () => {
    const { store } = server([json(200, seen(2))])
    store.choose('refuse')
    await store.load()
    expect(store.chosen.value).toBeNull()
  })

  it('does not undo an act that was answered meanwhile', async () => {
    let answer = (_: Response) => {}
    const { store } = server([
      () => new Promise<Response>((resolve) => (answer = resolve)),
      json(200, seen(2)),
    ])
    const reading = store.load()
    await store.act('refuse')
    answer(json(200, seen(1))())
    await reading
    expect(store.item.value?.version).toBe(2)
  })
})

it('a second case about the same thing is answered with the first', async () => {
  const { store } = server([json(201, seen(1)), json(200, seen(1))])
  const opening = {} as Parameters<Cases['open']>[0]
  expect((await store.client.open(opening)).existed).toBe(false)
  expect((await store.client.open(opening)).existed).toBe(true)
})
