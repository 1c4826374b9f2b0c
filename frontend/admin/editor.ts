import { batch, computed, signal } from '@preact/signals'
import { type Api, ApiProblem } from '../core/api.ts'
import { type Store, sessionStore } from '../core/storage.ts'
import type { EditableText } from './types.ts'

const URL = '/api/v1/admin/questions/{key}/texts/{lang}'

interface Base extends EditableText {
  etag: string | null
}

interface Kept {
  title: string
  body: string
  etag: string | null
}

export type EditorError = { code: 'empty' | 'offline' | 'refused'; detail: string }

/** One answer being edited. A typed text is never lost: not by a reload, an error or another editor. */
export class Editor {
  readonly base = signal<Base | null>(null)
  readonly title = signal('')
  readonly body = signal('')
  readonly saving = signal(false)
  readonly error = signal<EditorError | null>(null)
  readonly loadFailed = signal(false)
  /** What somebody else saved while this text was being written. */
  readonly conflict = signal<Base | null>(null)
  private readonly slot: string

  constructor(
    private readonly api: Api,
    readonly key: string,
    readonly language: string,
    private readonly store: Store = sessionStore('amparo.admin.'),
  ) {
    this.slot = `draft.${language}.${key}`
  }

  readonly changed = computed(() => {
    const base = this.base.value
    return base !== null && (this.title.value !== base.title || this.body.value !== base.body)
  })

  async load(): Promise<void> {
    this.loadFailed.value = false
    try {
      this.use(await this.fetch(), this.store.get<Kept>(this.slot))
    } catch {
      this.loadFailed.value = true
    }
  }

  private use(base: Base, kept?: Kept): void {
    batch(() => {
      // A kept text keeps the version it was written on: saving it then asks about the newer one.
      this.base.value = kept ? { ...base, etag: kept.etag } : base
      this.title.value = kept?.title ?? base.title
      this.body.value = kept?.body ?? base.body ?? ''
      this.error.value = null
    })
  }

  write(part: 'title' | 'body', text: string): void {
    this[part].value = text
    const { changed, title, body } = this
    if (!changed.value) return this.store.remove(this.slot)
    this.store.set(this.slot, {
      title: title.value,
      body: body.value,
      etag: this.base.value?.etag ?? null,
    })
  }

  discard(): void {
    this.store.remove(this.slot)
    const base = this.base.peek()
    if (base) this.use(base)
  }

  /** True when it was saved. */
  async save(): Promise<boolean> {
    const base = this.base.peek()
    if (!base || this.saving.peek()) return false
    const title = this.title.peek().trim()
    const body = this.body.peek().trim()
    if (!title || !body) return this.refuse({ code: 'empty', detail: '' })
    this.saving.value = true
    this.error.value = null
    try {
      this.saved(await this.put({ title, body }, base.etag))
      return true
    } catch (error) {
      return await this.failed(error)
    } finally {
      this.saving.value = false
    }
  }

  private saved(base: Base): void {
    this.store.remove(this.slot)
    this.use(base)
  }

  private async failed(error: unknown): Promise<false> {
    if (error instanceof ApiProblem && error.status === 412) {
      try {
        this.conflict.value = await this.fetch()
        return false
      } catch (again) {
        return this.failed(again)
      }
    }
    const offline = !(error instanceof ApiProblem) || error.code === 'offline'
    const detail = error instanceof ApiProblem ? error.detail || error.title : ''
    return this.refuse(offline ? { code: 'offline', detail: '' } : { code: 'refused', detail })
  }

  private refuse(error: EditorError): false {
    this.error.value = error
    return false
  }

  /** After a conflict: my text on top of theirs, or theirs alone. */
  settle(choice: 'mine' | 'theirs'): void {
    const theirs = this.conflict.peek()
    if (!theirs) return
    const mine = { title: this.title.peek(), body: this.body.peek(), etag: theirs.etag }
    batch(() => {
      this.conflict.value = null
      if (choice === 'theirs') return this.saved(theirs)
      this.store.set(this.slot, mine)
      this.use(theirs, mine)
    })
  }

  private async fetch(): Promise<Base> {
    const path = { key: this.key, lang: this.language }
    const { data, etag } = await this.api.request<EditableText>('GET', URL, { path })
    return { ...data, body: data.body ?? '', etag }
  }

  private async put(body: { title: string; body: string }, etag: string | null): Promise<Base> {
    const path = { key: this.key, lang: this.language }
    const headers: Record<string, string> = etag ? { 'If-Match': etag } : {}
    const reply = await this.api.request<EditableText>('PUT', URL, { path, body, headers })
    return { ...reply.data, body: reply.data.body ?? '', etag: reply.etag }
  }
}
