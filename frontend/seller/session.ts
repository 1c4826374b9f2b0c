import { signal } from '@preact/signals'
import { Api, ApiProblem } from '../core/api.ts'
import { language } from '../core/i18n.ts'
import { sessionStore } from '../core/storage.ts'
import type { Person } from '../core/types.ts'
import { go, here, parse } from './routes.ts'

/** A site of the marketplace; `page`: where it sends its sellers here with a fresh token. */
export interface Site {
  key: string
  name: string
  page: string | null
}

export type Session =
  | { phase: 'loading' }
  | { phase: 'out'; why: 'start' | 'ended' | 'refused' | 'sellers_only' }
  | { phase: 'in'; person: Person }
  | { phase: 'failed' }

interface Held {
  token: string
  person: Person
}

export const sites: Site[] =
  JSON.parse(document.getElementById('amparo-boot')?.textContent || '{}').sites ?? []

export const session = signal<Session>({ phase: 'loading' })
/** The bearer lives in this tab only, never in an address. */
const store = sessionStore('amparo.seller.')
let token: string | null = null

/** The signed-in seller; only read inside views that exist while somebody is signed in. */
export function me(): Person {
  const current = session.value
  if (current.phase !== 'in') throw new Error('nobody is signed in')
  return current.person
}

export const api = new Api({
  token: () => token,
  language: () => language.peek(),
  renew: async () => ended(),
})

/** The bearer, for what is not asked through `api` (files). */
export const bearer = (): string | null => token

function ended(): false {
  if (session.peek().phase === 'in') leave('ended')
  return false
}

function leave(why: 'start' | 'ended' | 'refused' | 'sellers_only'): void {
  token = null
  store.remove('session')
  session.value = { phase: 'out', why }
}

/**
 * Who is here: whoever the marketplace has just sent with a token, else who this tab knows. The
 * token stands behind `#`, which no server and no log gets to see, and is gone at once.
 */
export async function begin(): Promise<void> {
  const given = new URLSearchParams(location.hash.slice(1))
  const [site, identity] = [given.get('site'), given.get('token')]
  if (!site || !identity) return resume()
  history.replaceState(null, '', here())
  await exchange(site, identity)
}

async function exchange(site: string, identity: string): Promise<void> {
  try {
    const body = { site, token: identity, language: language.peek() }
    const held = await api.post<Held>('/api/v1/sessions', body)
    token = held.token
    if (held.person.role !== 'seller') return await turnAway()
    store.set('session', held)
    session.value = { phase: 'in', person: held.person }
    returnTo(store.get<string>('wanted'))
  } catch (error) {
    const refused = error instanceof ApiProblem && error.status >= 400 && error.status < 500
    if (!refused) session.value = { phase: 'failed' }
    // A link that was pressed twice: the first press has signed them in.
    else if (store.get<Held>('session')) await resume()
    else leave('refused')
  }
}

/** Somebody signed in who sells nothing: their session is of no use here. */
async function turnAway(): Promise<void> {
  await api.delete('/api/v1/sessions/me').catch(() => undefined)
  leave('sellers_only')
}

/** Take up what this tab kept; also after the server did not answer. */
export async function resume(): Promise<void> {
  token = store.get<Held>('session')?.token ?? null
  if (!token) return leave('start')
  try {
    const { person } = await api.get<{ person: Person }>('/api/v1/sessions/me')
    session.value = { phase: 'in', person }
  } catch (error) {
    const refused = error instanceof ApiProblem && [401, 403, 404].includes(error.status)
    if (refused) leave('ended')
    else session.value = { phase: 'failed' }
  }
}

export async function signOut(): Promise<void> {
  await api.delete('/api/v1/sessions/me').catch((error: ApiProblem) => {
    if (error.status !== 401) throw error
  })
  leave('start')
}

/** Kept while the marketplace signs somebody in: the page they came for. */
export function remember(): void {
  store.set('wanted', here())
}

function returnTo(wanted: string | undefined): void {
  store.remove('wanted')
  if (wanted && parse(here()).id === null) go(parse(wanted), true)
}
