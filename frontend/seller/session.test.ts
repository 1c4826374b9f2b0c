import { beforeEach, describe, expect, it, vi } from 'vitest'

const WEI = { id: '1', role: 'seller', name: 'Wei', language: 'en' }
const ANA = { ...WEI, role: 'buyer', name: 'Ana' }

type Answer = { status: number; body?: unknown }
let asked: { method: string; url: string; body: unknown; bearer: string | null }[]

/** The page as it is loaded at `address`, with a server that answers so. */
async function loaded(address: string, answers: Record<string, Answer>) {
  vi.resetModules()
  history.replaceState(null, '', address)
  asked = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const headers = new Headers(init.headers)
    const body = init.body ? JSON.parse(String(init.body)) : null
    asked.push({ method: init.method!, url, body, bearer: headers.get('Authorization') })
    const answer = answers[`${init.method} ${url}`]
    if (!answer) throw new Error('the server is away')
    const type = { 'Content-Type': 'application/json' }
    const text = answer.body === undefined ? null : JSON.stringify(answer.body)
    return new Response(text, { status: answer.status, headers: type })
  })
  const module = await import('./session.ts')
  const { place } = await import('./routes.ts')
  await module.begin()
  return { ...module, place }
}

const START = 'POST /api/v1/sessions'
const ME = 'GET /api/v1/sessions/me'
const came = (person = WEI) => ({ status: 201, body: { token: 'bearer', person } })

beforeEach(() => sessionStorage.clear())

describe('a seller who comes from the marketplace', () => {
  it('is signed in, and the token is gone from the address', async () => {
    const { session, bearer } = await loaded('/seller/#site=pk&token=once', { [START]: came() })
    expect(session.value).toEqual({ phase: 'in', person: WEI })
    expect(asked[0]!.body).toMatchObject({ site: 'pk', token: 'once' })
    expect(location.href).not.toContain('once')
    expect(location.hash).toBe('')
    expect(bearer()).toBe('bearer')
    expect(JSON.stringify(sessionStorage)).not.toContain('once')
  })

  it('is led back to the case they wanted before they were signed in', async () => {
    const { remember } = await loaded('/seller/cases/42?list=closed', {})
    remember()
    const { place } = await loaded('/seller/#site=pk&token=once', { [START]: came() })
    expect(place.value).toEqual({ list: 'closed', order: 'due', id: '42' })
    expect(location.pathname).toBe('/seller/cases/42')
  })

  it('is told when the link is no longer good', async () => {
    const { session } = await loaded('/seller/#site=pk&token=old', { [START]: { status: 401 } })
    expect(session.value).toEqual({ phase: 'out', why: 'refused' })
    expect(location.hash).toBe('')
  })

  it('stays signed in when the link was pressed twice', async () => {
    await loaded('/seller/#site=pk&token=once', { [START]: came() })
    const me = { status: 200, body: { person: WEI } }
    const again = await loaded('/seller/#site=pk&token=once', {
      [START]: { status: 401 },
      [ME]: me,
    })
    expect(again.session.value).toEqual({ phase: 'in', person: WEI })
  })

  it('is turned away where they only buy, and leaves no session behind', async () => {
    const { session, bearer } = await loaded('/seller/#site=pk&token=anas', {
      [START]: came(ANA),
      'DELETE /api/v1/sessions/me': { status: 204 },
    })
    expect(session.value).toEqual({ phase: 'out', why: 'sellers_only' })
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', bearer: 'Bearer bearer' })
    expect(bearer()).toBe(null)
    expect(sessionStorage.length).toBe(0)
  })
})

describe('a seller who was here before', () => {
  it('is known after a reload, and forgotten when the server does not know them', async () => {
    await loaded('/seller/#site=pk&token=once', { [START]: came() })
    const known = await loaded('/seller/', { [ME]: { status: 200, body: { person: WEI } } })
    expect(known.session.value.phase).toBe('in')
    const ended = await loaded('/seller/', { [ME]: { status: 401 } })
    expect(ended.session.value).toEqual({ phase: 'out', why: 'ended' })
    expect((await loaded('/seller/', {})).session.value).toEqual({ phase: 'out', why: 'start' })
  })

  it('loses nothing while the server is away', async () => {
    await loaded('/seller/#site=pk&token=once', { [START]: came() })
    const { session, resume } = await loaded('/seller/', {})
    expect(session.value.phase).toBe('failed')
    vi.stubGlobal('fetch', async () => Response.json({ person: WEI }))
    await resume()
    expect(session.value).toEqual({ phase: 'in', person: WEI })
  })
})
