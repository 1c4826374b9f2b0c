import { effect, signal } from '@preact/signals'
import { Api, ApiProblem } from './api.ts'
import type { Store } from './storage.ts'
import type { Person } from './types.ts'

interface Held {
  token: string
  expires_at: string
  person: Person
}

export interface SessionOptions {
  site: string
  store: Store
  language: () => string
  /** A fresh token of the marketplace for its signed-in buyer, or null where nobody is. */
  askToken: () => Promise<string | null>
  fetch?: typeof fetch
}

/**
 * Who is in front of the panel. Nobody at first: a visitor's session begins with the first thing
 * they send. The bearer lives in memory and in this tab's storage, never in a URL.
 */
export class Session {
  readonly person = signal<Person | null>(null)
  /** A visitor's session with a conversation, from before the buyer signed in. */
  readonly before = signal<Held | null>(null)
  /** Why somebody is no longer signed in; the views say it. */
  readonly lost = signal(false)
  /** Whether it is settled who is here; until then nobody becomes a visitor by haste. */
  readonly known = signal(false)

  private held: Held | null = null
  private opening: Promise<string> | null = null
  private readonly api: Api

  constructor(private readonly options: SessionOptions) {
    const settings = { token: () => this.held?.token ?? null, language: options.language }
    this.api = new Api(options.fetch ? { ...settings, fetch: options.fetch } : settings)
  }

  get token(): string | null {
    return this.held?.token ?? null
  }

  /** Whose session this tab kept, before it is taken up. */
  get remembered(): string | undefined {
    return this.options.store.get<Held>('session')?.person.id
  }

  /** Take up this tab's session. A buyer's only when the site still says that it is theirs. */
  restore(buyerToo: boolean): void {
    this.before.value = this.options.store.get<Held>('before') ?? null
    const kept = this.options.store.get<Held>('session')
    if (!kept || Date.parse(kept.expires_at) < Date.now()) return
    if (buyerToo || kept.person.role === 'visitor') this.hold(kept)
  }

  /** The bearer; starts a visitor's session where there is none. Throws `ApiProblem`. */
  async ensure(): Promise<string> {
    await this.settled()
    if (this.held) return this.held.token
    this.opening ??= this.start(null).finally(() => {
      this.opening = null
    })
    return this.opening
  }

  /** Exchange the marketplace's token. A refused one leaves everything as it was. */
  async identify(token: string): Promise<boolean> {
    const earlier = this.held ?? this.options.store.get<Held>('session')
    try {
      await this.start(token)
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'offline') throw error
      this.lost.value = true
      return false
    }
    this.lost.value = false
    if (earlier?.person.role === 'visitor' && this.options.store.get('talked')) {
      this.before.value = earlier
      this.options.store.set('before', earlier)
    }
    return true
  }

  /** For a 401: a buyer gets a new session by asking the site once; anybody else is a visitor. */
  async renew(): Promise<boolean> {
    const was = this.held
    if (!was) return false
    this.drop()
    if (was.person.role !== 'visitor') return this.signIn()
    await this.start(null, was.token)
    return true
  }

  /** Ask the site for a fresh token and use it; false where nobody is signed in there. */
  async signIn(): Promise<boolean> {
    const token = await this.options.askToken()
    if (token && (await this.identify(token).catch(() => false))) return true
    this.lost.value = true
    return false
  }

  /** Signed out on the site: nothing of this person stays in the tab. */
  async forget(): Promise<void> {
    const { token } = this
    this.options.store.clear()
    this.before.value = null
    if (token) await this.api.delete('/api/v1/sessions/me').catch(() => undefined)
    this.drop()
  }

  private settled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = effect(() => {
        if (!this.known.value) return
        queueMicrotask(() => stop())
        resolve()
      })
    })
  }

  private async start(token: string | null, previous?: string): Promise<string> {
    const { site, language } = this.options
    const body = {
      site,
      language: language(),
      ...(token && { token }),
      ...(previous && { visitor_token: previous }),
    }
    this.hold(await this.api.post<Held>('/api/v1/sessions', body))
    return this.held!.token
  }

  private hold(held: Held): void {
    this.held = held
    this.options.store.set('session', held)
    this.person.value = held.person
  }

  private drop(): void {
    this.held = null
    this.options.store.remove('session')
    this.person.value = null
  }
}
