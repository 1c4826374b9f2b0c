import { type Signal, signal } from '@preact/signals'
import { type Api, ApiProblem } from './api.ts'
import type {
  Case,
  CaseAct,
  CaseCounts,
  CaseData,
  CaseFile,
  CaseForm,
  CaseOpening,
  CaseParty,
  CaseReason,
  CaseRow,
  CaseVerification,
} from './case_types.ts'
import { language } from './i18n.ts'
import { uuid4 } from './ids.ts'
import type { Page } from './types.ts'

export type * from './case_types.ts'

/** How a surface proves who it is where `Api` cannot be used: uploads tell how far they are. */
export interface CaseProof {
  token?: string | null
  csrf?: string | null
}

export interface UploadParcel {
  /** Made once for a file: sent again, it is put in once. */
  key: string
  name: string
  blob: Blob
  /** The type of evidence it is meant as. */
  type?: string | null
  case?: string | null
  progress?(share: number): void
  signal?: AbortSignal
}

export interface CaseQuery {
  state?: 'open' | 'closed' | null
  order?: string | null
  order_by?: 'due' | 'newest' | null
  cursor?: string | null
  limit?: number
}

export interface DeskQuery {
  list?: 'due' | 'mine' | 'unassigned' | 'appeals' | 'alarms' | 'all' | 'closed'
  order_by?: 'due' | 'amount' | 'newest' | null
  reason?: CaseReason | null
  stage?: string | null
  q?: string | null
  cursor?: string | null
  limit?: number
}

export interface DeskPage extends Page<CaseRow> {
  counts: CaseCounts
}

/** The cases' part of the API for one surface. Every method throws `ApiProblem`. */
export class Cases {
  /** `proof` is asked for each upload; `fresh` = the last one was refused. */
  constructor(
    readonly api: Api,
    private readonly proof: (fresh: boolean) => Promise<CaseProof>,
  ) {}

  form(order: string, about: { line?: number | null; conversation?: string | null } = {}) {
    return this.api.get<CaseForm>('/api/v1/cases/form', { query: { order, ...about } })
  }

  /** `existed`: there was an open case about it already, and this is that one. */
  async open(opening: CaseOpening): Promise<{ case: Case; existed: boolean }> {
    const path = '/api/v1/cases'
    const { data, status } = await this.api.request<Case>('POST', path, { body: opening })
    return { case: data, existed: status === 200 }
  }

  list(query: CaseQuery = {}): Promise<Page<CaseRow>> {
    return this.api.get('/api/v1/cases', { query: { ...query } })
  }

  desk(query: DeskQuery = {}): Promise<DeskPage> {
    return this.api.get('/api/v1/desk/cases', { query: { ...query } })
  }

  get(id: string): Promise<Case> {
    return this.api.get('/api/v1/cases/{id}', { path: { id } })
  }

  act(id: string, act: CaseAct): Promise<Case> {
    return this.api.post('/api/v1/cases/{id}/actions', act, { path: { id } })
  }

  /** Whether the chain of the case's steps is whole. */
  verify(id: string): Promise<CaseVerification> {
    return this.api.get('/api/v1/cases/{id}/verify', { path: { id } })
  }

  async upload(parcel: UploadParcel): Promise<CaseFile> {
    try {
      return await post(parcel, await this.proof(false))
    } catch (error) {
      if ((error as ApiProblem).status !== 401) throw error
      return post(parcel, await this.proof(true))
    }
  }
}

/** Where a whole case can be kept from: a page to read, or its data with the chain. */
export function exportUrl(id: string, format: 'html' | 'json'): string {
  return `/api/v1/cases/${id}/export?format=${format}`
}

function post(parcel: UploadParcel, { token, csrf }: CaseProof): Promise<CaseFile> {
  const query = new URLSearchParams({ client_id: parcel.key, name: parcel.name.slice(0, 200) })
  if (parcel.type) query.set('type', parcel.type)
  if (parcel.case) query.set('case', parcel.case)
  // fetch() does not tell how much has left.
  const request = new XMLHttpRequest()
  return new Promise((resolve, reject) => {
    const cut = () => reject(new ApiProblem(0, 'offline', 'offline'))
    request.open('POST', `/api/v1/cases/files?${query}`)
    request.responseType = 'json'
    request.timeout = 120_000
    request.setRequestHeader('Content-Type', parcel.blob.type || 'application/octet-stream')
    request.setRequestHeader('Accept-Language', language.value)
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    if (csrf) request.setRequestHeader('X-CSRF-Token', csrf)
    request.upload.onprogress = ({ loaded, total }) => parcel.progress?.(total ? loaded / total : 0)
    request.onerror = cut
    request.ontimeout = cut
    request.onabort = cut
    request.onload = () => {
      const said = request.response ?? {}
      const { status } = request
      if (status < 300) resolve(said as CaseFile)
      else reject(new ApiProblem(status, said.code ?? '', said.title ?? '', said.detail ?? null))
    }
    parcel.signal?.addEventListener('abort', () => request.abort())
    request.send(parcel.blob)
  })
}

/** After these the case on the screen is not the one on the server: it is read again. */
const STALE = ['case_action_not_possible', 'case_offer_changed', 'case_version_changed']

/** One case before somebody's eyes: what it is, what is being done, and why something was not. */
export class CaseStore {
  readonly item: Signal<Case | null> = signal(null)
  /** Why it could not be read. */
  readonly problem = signal<unknown>(null)
  /** Key of the action that is on its way. */
  readonly busy = signal<string | null>(null)
  /** Why the last action was not done; what was written stays. */
  readonly refused = signal<unknown>(null)
  /** Key of the action whose form is open. */
  readonly chosen = signal<string | null>(null)
  private turn = 0
  private sent: { body: string; id: string } | null = null

  constructor(
    readonly client: Cases,
    readonly id: string,
    first: Case | null = null,
  ) {
    this.item.value = first
  }

  async load(): Promise<void> {
    const mine = ++this.turn
    try {
      const found = await this.client.get(this.id)
      if (mine !== this.turn) return
      this.item.value = found
      this.problem.value = null
      const { chosen } = this
      if (chosen.value && !found.actions.some(({ key }) => key === chosen.value))
        chosen.value = null
    } catch (error) {
      if (mine === this.turn) this.problem.value = error
    }
  }

  /**
   * Do `action`; true = done. The same act sent again (a cut line, a second press) keeps its id, so
   * it is done once.
   */
  async act(action: string, data: CaseData = {}, files: string[] = []) {
    const seen = this.item.peek()
    if (!seen || this.busy.peek()) return false
    const accepts = seen.actions.find(({ key }) => key === action)?.offer_version
    const whole = accepts ? { offer_version: accepts, ...data } : data
    const body = JSON.stringify([action, whole, files, seen.version])
    if (this.sent?.body !== body) this.sent = { body, id: uuid4() }
    this.busy.value = action
    this.refused.value = null
    try {
      const { id } = this.sent
      const act = { id, action, data: whole, files, version: seen.version }
      const after = await this.client.act(this.id, act)
      this.turn++
      this.item.value = after
      // Another form that was opened meanwhile stays.
      if (this.chosen.value === action) this.chosen.value = null
      this.sent = null
      return true
    } catch (error) {
      this.refused.value = error
      if (STALE.includes((error as ApiProblem).code)) await this.load()
      return false
    } finally {
      this.busy.value = null
    }
  }

  choose(action: string | null): void {
    this.refused.value = null
    this.chosen.value = action
  }

  /** Read it again now and then, and when somebody comes back to the page. Returns how to stop. */
  follow(every = 30_000): () => void {
    const look = () => {
      if (document.visibilityState === 'visible' && !this.busy.peek()) void this.load()
    }
    const timer = setInterval(look, every)
    document.addEventListener('visibilitychange', look)
    addEventListener('online', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
      removeEventListener('online', look)
    }
  }
}

/** The party whose words and files these are, seen by the reader: "you" or a name. */
export function isOwn(item: Pick<Case, 'viewer'>, party: CaseParty): boolean {
  return item.viewer === party
}
