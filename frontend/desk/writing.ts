import { signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import type { OutboxEntry } from '../core/outbox.ts'
import type { FileInfo, MessageData, Post, Quote } from '../core/types.ts'
import { type Mode, outgoing } from './compose.ts'
import { type Desk, MESSAGE_LIMIT } from './desk.ts'
import { leavingPost } from './leaving.ts'
import type { MacroRuns } from './macro-runs.ts'
import { holes, named } from './macros.ts'
import type { Open } from './open.ts'
import { basketFor } from './pictures.ts'
import { knownNow } from './second-answer.ts'
import { attempt, type Undoing } from './undoing.ts'

/** How long a message can be changed by whoever wrote it; the server says the same. */
const EDITABLE_MS = 15 * 60_000

export interface WritingParts {
  api: Api
  person: { id: string; role: string }
  csrf: () => string | null
  macros: MacroRuns
  undoing: Undoing
}

/** Writing to the buyer and to colleagues, and changing what was written. */
export class Writing {
  /** The message that is being changed, by id. */
  readonly editing = signal<string | null>(null)
  /** Messages that are gone in a moment, unless it is undone. */
  readonly leaving = signal<ReadonlySet<string>>(new Set())

  constructor(
    private readonly desk: Desk,
    private readonly parts: WritingParts,
  ) {}

  /**
   * As asked by the field: what waits beside the text goes along, as soon as it is there. What has
   * to be decided or filled in first takes the focus instead.
   */
  submit(mode: Mode, open: Open): boolean {
    if (mode === 'reply' && open.meanwhile.peek().length) {
      document.querySelector<HTMLElement>('.meanwhile button')?.focus()
      return false
    }
    if (mode === 'reply' && holes(open.texts.reply.peek()).length) return false
    const basket = basketFor(open.id, mode)
    if (!basket.full.peek()) return this.send(mode, [], open)
    return basket.whenReady((files) => this.send(mode, files, open)) ?? true
  }

  /** Send what was written on `mode`. False when it may not leave; the text stays. */
  send(mode: Mode, files: FileInfo[] = [], open = this.desk.open.peek()): boolean {
    if (!open) return false
    const text = open.texts[mode].peek()
    const out = outgoing(mode, open.lock.peek(), text, MESSAGE_LIMIT, files.length)
    // A colleague has answered since this was begun: that is decided first.
    if (!out || (mode === 'reply' && open.meanwhile.peek().length > 0)) return false
    const post: Post = { conversation: open.id, client_id: uuid4(), ...out }
    if (files.length) post.files = files
    const quote = quoted(open, mode)
    if (quote) post.quote = quote
    if (mode === 'reply') post.after = open.basis.peek() ?? open.followed.thread.peek().seq
    else {
      const mentions = named(out.body, open.mentions.peek())
      if (mentions.length) post.mentions = mentions
    }
    const macro = mode === 'reply' ? open.macro.peek() : null
    if (macro) this.parts.macros.after(post.client_id, open.id, macro)
    this.desk.live.post(post)
    this.emptied(open, mode)
    return true
  }

  private emptied(open: Open, mode: Mode): void {
    open.texts[mode].value = ''
    open.quote.value = null
    if (mode === 'reply') open.macro.value = null
    else open.mentions.value = []
  }

  // ---- a colleague was faster

  /** Send it beside what the colleague said, which its author has seen now. */
  sendToo(entry: OutboxEntry, open: Open): void {
    this.desk.live.retry(entry.client_id, { after: knownNow(entry, open.followed.thread.peek()) })
  }

  /** Not sent: it comes back to the composer as it was, and knows of what was said. */
  keep(entry: OutboxEntry, open: Open): void {
    const basis = knownNow(entry, open.followed.thread.peek())
    this.takeBack(entry.client_id)
    open.accept(basis)
    open.write('reply')
  }

  /** A refused message comes back to the side it was written on. */
  takeBack(clientId: string): void {
    const open = this.desk.open.peek()
    const entry = this.desk.live.outbox.find(clientId)
    if (!open || !entry || entry.conversation !== open.id) return
    const mode = entry.note ? 'note' : 'reply'
    open.choose(mode)
    open.texts[mode].value = [open.texts[mode].peek(), entry.body].filter(Boolean).join('\n')
    if (entry.files) basketFor(open.id, mode).restore(entry.files)
    if (entry.quote) open.quote.value = entry.quote
    if (entry.mentions) open.mentions.value = entry.mentions
    open.macro.value = this.parts.macros.cancel(clientId) ?? open.macro.peek()
    this.desk.live.outbox.remove(clientId)
  }

  // ---- what was written

  /** Whether this person may change the text of a stored message now. */
  mayEdit(message: MessageData, at: string, now = Date.now()): boolean {
    const own = message.author.id === this.parts.person.id
    const written = message.kind === 'text' || message.kind === 'note'
    return own && written && !message.deleted && now - Date.parse(at) < EDITABLE_MS
  }

  /** One's own; an administrator takes away anything that a person wrote. */
  mayDelete(message: MessageData): boolean {
    if (message.deleted || message.kind === 'notice' || message.kind === 'answer') return false
    const own = message.author.id === this.parts.person.id
    return own || this.parts.person.role === 'administrator'
  }

  /** Store the changed text; false when it did not work (it stays in its field). */
  async edit(conversation: string, message: MessageData, text: string): Promise<boolean> {
    const body = text.trim()
    if (!body) return false
    if (body !== message.body) {
      const url = '/api/v1/conversations/{id}/messages/{message_id}'
      const path = { id: conversation, message_id: message.message_id }
      const change = { path, body: { id: uuid4(), body } }
      if (!(await attempt(() => this.parts.api.request('PATCH', url, change)))) return false
    }
    this.editing.value = null
    return true
  }

  remove(conversation: string, message: MessageData): void {
    const id = message.message_id
    const mark = (leaving: boolean) => {
      const next = new Set(this.leaving.peek())
      if (leaving) next.add(id)
      else next.delete(id)
      this.leaving.value = next
    }
    mark(true)
    const address = `/api/v1/conversations/${conversation}/messages/${id}`
    const path = { id: conversation, message_id: id }
    const url = '/api/v1/conversations/{id}/messages/{message_id}'
    this.parts.undoing.later(
      {
        id: `delete ${id}`,
        text: t('desk.toast.deleted'),
        run: async (leaving) => {
          if (leaving) return leavingPost(address, undefined, this.parts.csrf(), 'DELETE')
          await this.parts.api.delete(url, { path })
          mark(false)
        },
      },
      () => mark(false),
    )
  }
}

/** What the next message answers; a reply never quotes what only staff sees. */
export function quoted(open: Open, mode: Mode): Quote | null {
  const quote = open.quote.value
  if (!quote || (quote.note && mode === 'reply')) return null
  const { message_id, author, excerpt } = quote
  return { message_id, author, excerpt }
}
