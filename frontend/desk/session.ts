import { signal } from '@preact/signals'
import { Api, ApiProblem } from '../core/api.ts'
import { language } from '../core/i18n.ts'
import type { Person } from '../core/types.ts'

export type Session =
  | { phase: 'loading' }
  | { phase: 'out'; why: 'start' | 'ended' | 'staff_only' }
  | { phase: 'in'; person: Person }
  | { phase: 'failed' }

export const session = signal<Session>({ phase: 'loading' })
const csrf = signal<string | null>(null)

/** The signed-in person; only read inside views that exist while somebody is signed in. */
export function me(): Person {
  const current = session.value
  if (current.phase !== 'in') throw new Error('nobody is signed in')
  return current.person
}

export const csrfToken = (): string | null => csrf.peek()

export const api = new Api({
  csrf: csrfToken,
  language: () => language.peek(),
  renew: async () => endSession(),
})

/** The server no longer knows this session. False: there is nothing to renew it with. */
export function endSession(): false {
  if (session.peek().phase === 'in') session.value = { phase: 'out', why: 'ended' }
  return false
}

interface Proof {
  person: Person
  csrf?: string | null
}

function enter({ person, csrf: token }: Proof): void {
  if (person.role !== 'operator' && person.role !== 'administrator') {
    session.value = { phase: 'out', why: 'staff_only' }
    return
  }
  csrf.value = token ?? null
  session.value = { phase: 'in', person }
}

/** Who is signed in here already, by the cookie. */
export async function resume(): Promise<void> {
  try {
    enter(await api.get<Proof>('/api/v1/sessions/me'))
  } catch (error) {
    const refused = error instanceof ApiProblem && [401, 403, 404].includes(error.status)
    session.value = refused ? { phase: 'out', why: 'start' } : { phase: 'failed' }
  }
}

/** Throws `ApiProblem`; the sign-in form turns it into words. */
export async function signIn(email: string, password: string): Promise<void> {
  enter(await api.post<Proof>('/api/v1/staff/sessions', { email, password }))
}

export async function signOut(): Promise<void> {
  const me = { path: { session_id: 'me' } }
  await api.delete('/api/v1/staff/sessions/{session_id}', me).catch((error: ApiProblem) => {
    if (error.status !== 401) throw error
  })
  csrf.value = null
  session.value = { phase: 'out', why: 'start' }
}

/** Text key for a refused sign-in. Never says which of the two was wrong. */
export function signInError(error: unknown): string {
  if (!(error instanceof ApiProblem)) return 'desk.signin.failed'
  if (error.code === 'offline' || error.status === 503) return 'desk.signin.offline'
  if (error.status === 429) return 'desk.signin.too_many'
  if (error.status === 401 || error.status === 422 || error.status === 404)
    return 'desk.signin.refused'
  return 'desk.signin.failed'
}
