import { batch, computed, signal } from '@preact/signals'
import { type Api, ApiProblem } from '../core/api.ts'
import { type Store, sessionStore } from '../core/storage.ts'
import type { Path } from '../core/types.ts'
import type { EditableText } from './types.ts'

const TEXT = '/api/v1/admin/questions/{key}/texts/{lang}' as const
const DRAFT = `${TEXT}/draft` as const
const MADE_FROM = `${TEXT}/made-from` as const
const REVIEWED = `${TEXT}/reviewed` as const
const RESTORE = `${TEXT}/versions/{version}/restore` as const

export interface Base extends EditableText {
  etag: string | null
}

interface Kept {
  title: string
  body: string
  etag: string | null
}

export type EditorError = { code: 'empty' | 'offline' | 'refused' | 'changed'; detail: string }

/** One answer being edited. A typed text is never lost: not by a reload, an error or another editor. */
export class Editor {
  readonly base = signal<Base | null>(null)
  readonly title = signal('')
  readonly body = signal('')
  /** The verb that is on its way. */
  readonly saving = signal<'publish' | 'draft' | 'other' | null>(null)
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

  /** Whether something was typed that the server does not have. */
  readonly changed = computed(() => {
    const base = this.base.value
    if (base === null) return false
    const { title, body } = wordsOf(base)
    return this.title.value !== title || this.body.value !== body
  })

  /** Whether there is something that readers do not see yet. */
  readonly unpublished = computed(() => this.changed.value || Boolean(this.base.value?.draft))

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
      const { title, body } = wordsOf(base)
      this.title.value = kept?.title ?? title
      this.body.value = kept?.body ?? body
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

  /** Whether there is a title and an answer; says so where not. */
  complete(): boolean {
    const { title, body } = this.typed()
    if (title && body) return true
    return this.refuse({ code: 'empty', detail: '' })
  }

  /** Give readers these words. `madeFrom`: the version of the source that they say. */
  publish(madeFrom: number | null = null): Promise<boolean> {
    const body = { ...this.typed(), made_from: madeFrom }
    return this.act('publish', 'PUT', TEXT, body)
  }

  /** Keep the words where no reader sees them. */
  saveDraft(): Promise<boolean> {
    return this.act('draft', 'PUT', DRAFT, this.typed())
  }

  discardDraft(): Promise<boolean> {
    this.store.remove(this.slot)
    return this.act('other', 'DELETE', DRAFT)
  }

  /** Say that the text still says what its source says now. */
  markStillRight(): Promise<boolean> {
    const version = this.base.peek()?.source_version
    return this.act('other', 'PUT', MADE_FROM, { made_from: version })
  }

  markReviewed(reviewed: boolean): Promise<boolean> {
    return this.act('other', 'PUT', REVIEWED, { reviewed })
  }

  /** Publish the words of an older version as a new one. */
  restore(version: number): Promise<boolean> {
    return this.act('other', 'POST', RESTORE, {}, { version: String(version) })
  }

  private typed(): { title: string; body: string } {
    return { title: this.title.peek().trim(), body: this.body.peek().trim() }
  }

  /** True when it was done. What is typed and not sent with the verb stays typed. */
  private async act(
    kind: 'publish' | 'draft' | 'other',
    method: 'PUT' | 'POST' | 'DELETE',
    url: Path,
    body?: object,
    more: Record<string, string> = {},
  ): Promise<boolean> {
    const base = this.base.peek()
    if (!base || this.saving.peek()) return false
    if (kind !== 'other' && !this.complete()) return false
    this.saving.value = kind
    this.error.value = null
    try {
      const done = await this.send(method, url, base.etag, body, more)
      if (kind === 'other' && this.changed.peek() && method !== 'DELETE') this.keepTyping(done)
      else this.saved(done)
      return true
    } catch (error) {
      return await this.failed(error)
    } finally {
      this.saving.value = null
    }
  }

  private saved(base: Base): void {
    this.store.remove(this.slot)
    this.use(base)
  }

  private keepTyping(base: Base): void {
    const kept = { title: this.title.peek(), body: this.body.peek(), etag: base.etag }
    this.store.set(this.slot, kept)
    this.use(base, kept)
  }

  private async failed(error: unknown): Promise<boolean> {
    if (error instanceof ApiProblem && error.status === 412) {
      try {
        const theirs = await this.fetch()
        const { title, body } = wordsOf(theirs)
        const mine = this.typed()
        // Our own words, of an answer that got lost, or none of ours: there is nothing to decide.
        const agreed = title === mine.title && body === mine.body
        if (!agreed && this.changed.peek()) this.conflict.value = theirs
        else this.saved(theirs)
        return agreed || this.conflict.peek() ? false : this.refuse({ code: 'changed', detail: '' })
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
    const { data, etag } = await this.api.request<EditableText>('GET', TEXT, { path })
    return { ...data, body: data.body ?? '', etag }
  }

  private async send(
    method: string,
    url: Path,
    etag: string | null,
    body?: object,
    more: Record<string, string> = {},
  ): Promise<Base> {
    const path = { key: this.key, lang: this.language, ...more }
    const headers: Record<string, string> = etag ? { 'If-Match': etag } : {}
    const reply = await this.api.request<EditableText>(method, url, { path, body, headers })
    return { ...reply.data, body: reply.data.body ?? '', etag: reply.etag }
  }
}

/** What the editor begins with: the draft where there is one, else what readers see. */
export function wordsOf(base: Pick<Base, 'title' | 'body' | 'draft'>): {
  title: string
  body: string
} {
  const { title, body } = base.draft ?? base
  return { title, body: body ?? '' }
}
