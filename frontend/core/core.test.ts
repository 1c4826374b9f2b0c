import { afterEach, describe, expect, it, vi } from 'vitest'
import { readable } from '../ui/accent.ts'
import { graphemes } from '../ui/text.ts'
import { Api, ApiProblem } from './api.ts'
import { has, negotiate, t, useCatalogue } from './i18n.ts'
import { uuid4, uuid7 } from './ids.ts'
import { join } from './joining.ts'
import { money } from './money.ts'
import { Session } from './session.ts'
import { sessionStore } from './storage.ts'
import { dayName, relative } from './time.ts'

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })

afterEach(() => sessionStorage.clear())

describe('ids', () => {
  it('are of their version, and version 7 sorts by time', () => {
    expect(uuid4()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    const [a, b] = [uuid7(1_772_445_600_000), uuid7(1_772_445_600_001)]
    expect(a[14]).toBe('7')
    expect(a < b).toBe(true)
    expect(Number.parseInt(a.replaceAll('-', '').slice(0, 12), 16)).toBe(1_772_445_600_000)
  })
})

describe('languages', () => {
  it.each([
    [['ru-RU'], 'ru'],
    [[null, 'pt-BR', 'es-MX'], 'es'],
    [['AR-xb'], 'ar-XB'],
    [['fi'], 'en'],
  ])('%j', (wished, expected) => {
    expect(negotiate(wished, ['en', 'es', 'ru', 'ar-XB'])).toBe(expected)
  })

  it('turns the page round for languages from right to left', () => {
    useCatalogue('ar-XB', { 'x.hello': 'Hello' })
    expect([document.documentElement.dir, t('x.hello'), has('x.none'), t('x.none')]).toEqual([
      'rtl',
      'Hello',
      false,
      'x.none',
    ])
    useCatalogue('en', {})
    expect(document.documentElement.dir).toBe('ltr')
  })
})

describe('money and time', () => {
  it.each([
    [{ amount: 1290, currency: 'BRL' }, 'en', 'R$12.90'],
    [{ amount: 500, currency: 'JPY' }, 'en', '¥500'],
  ])('%j', (value, locale, expected) => {
    expect(money(value, locale)).toBe(expected)
  })

  it.each([
    ['2026-03-02T11:59:40Z', 'now'],
    ['2026-03-02T11:55:00Z', '5 min. ago'],
    ['2026-03-02T09:00:00Z', '3 hr. ago'],
    ['2026-02-27T12:00:00Z', '3 days ago'],
    ['2026-01-02T12:00:00Z', 'Jan 2, 2026'],
  ])('%s', (past, expected) => {
    expect(relative(past, Date.parse('2026-03-02T12:00:00Z'), 'en')).toBe(expected)
  })

  it('names days as people do', () => {
    const noon = new Date(2026, 2, 2, 12)
    const day = (n: number) => new Date(2026, 2, n, 1).toISOString()
    expect(dayName(day(2), noon.getTime(), 'en')).toBe('Today')
    expect(dayName(day(1), noon.getTime(), 'es')).toBe('Ayer')
    expect(dayName(new Date(2026, 1, 27, 1).toISOString(), noon.getTime(), 'en')).toBe(
      'Friday, February 27',
    )
  })
})

describe('characters as people count them', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['👩‍👩‍👧‍👦', 1],
    ['नि', 1],
  ])('%s', (text, expected) => {
    expect(graphemes(text)).toBe(expected)
  })
})

describe('the API client', () => {
  it('fills path and query, and sends who is asking', async () => {
    const fetch = vi.fn(async () => json(200, { ok: true }))
    const api = new Api({ fetch, token: () => 'secret', language: () => 'ru' })
    await api.get('/api/v1/orders/{ref}', { path: { ref: 'A/1' }, query: { a: 'é', b: null } })
    const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit]
    expect(url).toBe('/api/v1/orders/A%2F1?a=%C3%A9')
    expect(init.headers).toMatchObject({ Authorization: 'Bearer secret', 'Accept-Language': 'ru' })
  })

  it('turns a problem of the server into one of its own', async () => {
    const problem = { code: 'message_too_long', title: 'Too long', params: { limit: 4000 } }
    const api = new Api({ fetch: async () => json(422, problem) })
    const error = await api.post('/api/v1/conversations').catch((caught) => caught)
    expect(error).toBeInstanceOf(ApiProblem)
    expect(error).toMatchObject({ status: 422, code: 'message_too_long', params: { limit: 4000 } })
  })

  it('says so when there is no connection', async () => {
    const api = new Api({ fetch: () => Promise.reject(new TypeError('failed')) })
    await expect(api.get('/api/v1/orders')).rejects.toMatchObject({ code: 'offline' })
  })

  it('asks again once after a renewed session', async () => {
    const fetch = vi.fn().mockResolvedValueOnce(json(401, {})).mockResolvedValueOnce(json(200, 7))
    expect(await new Api({ fetch, renew: async () => true }).get('/api/v1/orders')).toBe(7)
    expect(fetch).toHaveBeenCalledTimes(2)
  })
})

describe('the session of the panel', () => {
  const later = '2999-01-01T00:00:00Z'
  const visitor = { id: 'v', role: 'visitor', name: '', language: 'en' }
  const ana = { id: 'ana', role: 'buyer', name: 'Ana', language: 'en' }

  function server() {
    const bodies: Record<string, unknown>[] = []
    const fetch = async (url: RequestInfo | URL, init?: RequestInit) => {
      const body = init?.body ? JSON.parse(String(init.body)) : {}
      bodies.push({ url, method: init?.method, ...body })
      if (body.token === 'forged') return json(401, { code: 'token_refused' })
      const person = body.token ? ana : visitor
      return json(201, { token: `bearer-${person.id}`, expires_at: later, person })
    }
    return { bodies, fetch }
  }

  function open(askToken = async (): Promise<string | null> => null) {
    const { bodies, fetch } = server()
    const store = sessionStore('panel.', sessionStorage)
    const session = new Session({ site: 'pk', store, language: () => 'en', askToken, fetch })
    session.known.value = true
    return { session, bodies, store, fetch }
  }

  it('begins as a visitor, once, and only when something is sent', async () => {
    const { session, bodies } = open()
    expect(session.person.value).toBeNull()
    await Promise.all([session.ensure(), session.ensure()])
    expect(bodies).toHaveLength(1)
    expect(session.person.value?.role).toBe('visitor')
  })

  it('offers the conversation from before signing in, and gives it over when told to', async () => {
    const { session, bodies, store, fetch } = open()
    await session.ensure()
    store.set('talked', true)
    await session.identify('signed')
    expect(session.before.value?.token).toBe('bearer-v')
    await join(session, new Api({ fetch }), store, true)
    expect(bodies.at(-1)).toMatchObject({
      url: '/api/v1/sessions/me/join',
      visitor_token: 'bearer-v',
    })
    expect(session.before.value).toBeNull()
  })

  it('offers nothing to somebody who said nothing', async () => {
    const { session } = open()
    await session.ensure()
    await session.identify('signed')
    expect(session.before.value).toBeNull()
  })

  it('asks the site once for a new token, then goes on as a visitor and says so', async () => {
    const askToken = vi.fn().mockResolvedValueOnce('signed').mockResolvedValueOnce(null)
    const { session } = open(askToken)
    await session.identify('signed')
    expect(await session.renew()).toBe(true)
    expect(await session.renew()).toBe(false)
    expect([session.person.value, session.lost.value]).toEqual([null, true])
  })

  it('stays who it was when a token is refused', async () => {
    const { session } = open()
    await session.identify('signed')
    expect(await session.identify('forged')).toBe(false)
    expect(session.person.value?.name).toBe('Ana')
  })

  it("does not take up a buyer's session that the site no longer announces", async () => {
    await open().session.identify('signed')
    const { session } = open()
    session.restore(false)
    expect(session.person.value).toBeNull()
    session.restore(true)
    expect(session.person.value?.name).toBe('Ana')
  })

  it('leaves nothing behind after signing out', async () => {
    const { session, store } = open()
    await session.identify('signed')
    store.set('draft.home', 'my secret')
    await session.forget()
    expect([session.person.value, sessionStorage.length]).toEqual([null, 0])
  })
})

describe("the marketplace's colour", () => {
  it.each([
    ['#0d5c5b', 'rgb(13 92 91)'],
    ['#a5472a', 'rgb(165 71 42)'],
  ])('%s is readable as it is', (accent, expected) => {
    expect(readable(accent)).toBe(expected)
  })

  it('is darkened where white text on it could not be read', () => {
    expect(readable('#ffd000')).toMatch(/^rgb\(1[0-4]\d 1[01]\d 0\)$/)
  })
})
