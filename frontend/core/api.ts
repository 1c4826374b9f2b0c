import type { Path, ProblemFrame } from './types.ts'

/** An RFC 9457 problem of the server, or `code: "offline"` when it could not be reached. */
export class ApiProblem extends Error {
  override name = 'ApiProblem'
  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string | null = null,
    readonly params: Record<string, unknown> = {},
  ) {
    super(detail ?? title)
  }

  static of(frame: ProblemFrame): ApiProblem {
    return new ApiProblem(frame.status, frame.code, frame.title, frame.detail)
  }
}

export interface RequestOptions {
  /** Values for `{name}` in the path. */
  path?: Record<string, string>
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface ApiSettings {
  /** Bearer of the session; null = none (staff have a cookie). */
  token?: () => string | null
  csrf?: () => string | null
  language?: () => string
  /** Called once for a 401; true = the session was renewed, send the request again. */
  renew?: () => Promise<boolean>
  fetch?: typeof fetch
}

export interface Reply<T> {
  data: T
  status: number
  etag: string | null
}

/** The HTTP client of one surface. Every method throws `ApiProblem`. */
export class Api {
  constructor(private readonly settings: ApiSettings = {}) {}

  async get<T>(path: Path, options?: RequestOptions): Promise<T> {
    return (await this.request<T>('GET', path, options)).data
  }

  async post<T>(path: Path, body?: unknown, options?: RequestOptions): Promise<T> {
    return (await this.request<T>('POST', path, { ...options, body: body ?? {} })).data
  }

  async put<T>(path: Path, body: unknown, options?: RequestOptions): Promise<T> {
    return (await this.request<T>('PUT', path, { ...options, body })).data
  }

  async delete<T = void>(path: Path, options?: RequestOptions): Promise<T> {
    return (await this.request<T>('DELETE', path, options)).data
  }

  /** With status and ETag, for what two people may edit. */
  async request<T>(method: string, path: Path, options: RequestOptions = {}): Promise<Reply<T>> {
    let response = await this.send(method, path, options)
    if (response.status === 401 && (await this.settings.renew?.()))
      response = await this.send(method, path, options)
    const json = /json/.test(response.headers.get('content-type') ?? '')
    const data = json ? await response.json().catch(() => null) : null
    if (!response.ok) throw problem(response.status, data)
    return { data: data as T, status: response.status, etag: response.headers.get('etag') }
  }

  private async send(method: string, path: string, options: RequestOptions): Promise<Response> {
    const { settings } = this
    const headers: Record<string, string> = { Accept: 'application/json', ...options.headers }
    const token = settings.token?.()
    const csrf = settings.csrf?.()
    if (token) headers.Authorization = `Bearer ${token}`
    if (csrf && method !== 'GET') headers['X-CSRF-Token'] = csrf
    if (settings.language) headers['Accept-Language'] = settings.language()
    const init: RequestInit = { method, headers, credentials: 'same-origin' }
    if (options.signal) init.signal = options.signal
    if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json'
      init.body = JSON.stringify(options.body)
    }
    try {
      return await (settings.fetch ?? fetch)(address(path, options), init)
    } catch (error) {
      if ((error as Error).name === 'AbortError') throw error
      throw new ApiProblem(0, 'offline', 'offline')
    }
  }
}

function problem(status: number, data: unknown): ApiProblem {
  const { code, title, detail, params } = (data ?? {}) as Record<string, unknown>
  return new ApiProblem(
    status,
    typeof code === 'string' ? code : `http_${status}`,
    typeof title === 'string' ? title : '',
    typeof detail === 'string' ? detail : null,
    (params ?? {}) as Record<string, unknown>,
  )
}

function address(path: string, { path: names = {}, query = {} }: RequestOptions): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(names[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) search.set(name, String(value))
  return search.size ? `${filled}?${search}` : filled
}
