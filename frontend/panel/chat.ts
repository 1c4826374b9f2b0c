import { computed, effect, signal } from '@preact/signals'
import { ApiProblem } from '../core/api.ts'
import { unread as countUnread } from '../core/conversation.ts'
import { language } from '../core/i18n.ts'
import { uuid4, uuid7 } from '../core/ids.ts'
import { Live } from '../core/live.ts'
import { sharedOutbox } from '../core/shared_outbox.ts'
import { sessionStore } from '../core/storage.ts'
import { type Followed, follow } from '../core/thread.ts'
import { startClock } from '../core/time.ts'
import type { FileInfo, Opening, Place, Quote } from '../core/types.ts'
import { badge, shown, tell } from './bridge.ts'
import { api, boot, place, session, start, store } from './state.ts'
import { beside } from './views/beside.ts'

startClock()

/** The conversations of the person in front of the panel, over one live connection. */
let live: Live | null = null
let owner: string | null = null
/** Conversations that are followed, by id. */
const followed = signal<ReadonlyMap<string, Followed>>(new Map())
/** The last event that was on the screen here, by conversation; kept over a reload. */
const seen = signal<Record<string, number>>(store.get('seen') ?? {})

export const connection = signal<Live['status']['value']>('idle')
/** What others said since a conversation was last looked at, in all of them. */
export const unread = computed(() => {
  let count = 0
  for (const [id, { thread, caughtUp }] of followed.value) {
    if (!caughtUp.value || !(id in seen.value)) continue
    const { items, receipts } = thread.value
    // What this person read in another tab or on another device is read.
    const read = Math.max(seen.value[id]!, receipts.buyer?.read ?? 0)
    const fresh = items.filter((event) => event.seq > read)
    count += countUnread(fresh, session.person.value?.id ?? '')
  }
  return count
})

/** The connection of whoever is here now; another person gets another one, with their own outbox. */
export function connect(): Live {
  const id = session.person.value?.id ?? null
  if (live && owner === id) return live
  disconnect()
  owner = id
  if (id) store.set('chat', id)
  live = new Live({
    store: sessionStore(`amparo.panel.${id}.`),
    outbox: id ? sharedOutbox(`amparo.outbox.${id}`) : null,
    credentials: async () => ({ token: await session.ensure(), csrf: null }),
    renew: () => session.renew(),
  })
  const { status } = live
  effect(() => {
    connection.value = status.value
  })
  live.start()
  return live
}

function disconnect(): void {
  for (const one of followed.peek().values()) one.close()
  followed.value = new Map()
  live?.stop()
  live = null
}

effect(() => {
  const here = session.person.value?.id
  if (here === owner) return
  const outbox = live?.outbox
  disconnect()
  if (!owner) return
  // Signing out empties the tab's storage; a new session of the same person does not.
  const signedOut = store.get('chat') !== owner
  if (signedOut) outbox?.clear()
  forget(owner, signedOut ? undefined : outbox)
})

/**
 * Somebody left for good, not for a new session: no picture of theirs stays behind, and no message
 * where somebody else is here now. Whose session merely ended finds their messages again.
 */
function forget(person: string, outbox: Live['outbox'] | undefined): void {
  setTimeout(() => {
    const here = session.person.peek()?.id
    if (here === person) return
    if (here) outbox?.clear()
    import('../pictures/lazy.ts').then(({ forget }) => forget('panel.')).catch(() => {})
  }, 5000)
}

/** What was said before this tab knew of it is seen, unless the receipts know better. */
effect(() => {
  for (const [id, { thread, caughtUp }] of followed.value) {
    if (!caughtUp.value || id in seen.value) continue
    const { receipts, seq } = thread.value
    see(id, receipts.buyer ? receipts.buyer.read : seq)
  }
})

function see(id: string, seq: number): void {
  seen.value = { ...seen.peek(), [id]: Math.max(seq, seen.peek()[id] ?? 0) }
  store.set('seen', seen.peek())
}

/** Everything up to event `seq` was before this person's eyes. */
export function read(id: string, seq: number): void {
  if (seq > (seen.peek()[id] ?? -1)) see(id, seq)
  const { items, receipts } = conversation(id).thread.peek()
  const me = session.person.peek()?.id
  const last = items.findLast(
    (event) => event.seq <= seq && event.kind === 'message' && event.data.author.id !== me,
  )
  if (last && last.seq > (receipts.buyer?.read ?? 0)) connect().seen(id, last.seq, true)
}

/** The loader shows what is unread on its button, and keeps the panel alive for it. */
effect(() => {
  const live = !!start.value?.open_conversation || followed.value.size > 0
  const n = unread.value
  tell({ type: 'unread', n, live, shown: shown.value })
  badge.value = n ? `(${n}) ` : ''
})

/** Follow a conversation for as long as the panel lives: it goes on while another view is open. */
export function conversation(id: string): Followed {
  const known = followed.peek().get(id)
  if (known) return known
  const fresh = follow(connect(), id)
  followed.value = new Map([...followed.peek(), [id, fresh]])
  return fresh
}

export interface Said {
  body: string
  /** The key of a suggested question that was chosen instead of written. */
  question?: string | null
  files?: FileInfo[]
  quote?: Quote | null
}

/** Say something in an open conversation. It is drawn at once. */
export function say(id: string, { body, question, files, quote }: Said): void {
  const post = { conversation: id, client_id: uuid4(), body, question: question ?? null }
  connect().post({ ...post, ...(files && { files }), ...(quote && { quote }) })
}

/** Begin a conversation with its first message; returns its id. Throws `ApiProblem`. */
export async function begin(
  said: Said,
  about: Partial<Opening> = {},
  id = uuid7(),
): Promise<string> {
  await session.ensure()
  const open: Opening = {
    channel: 'chat',
    site: boot.site,
    language: language.value === 'ar-XB' ? 'en' : language.value,
    page: place.value.page,
    order_ref: place.value.order,
    question: said.question ?? null,
    ...about,
  }
  const { body, question, files } = said
  const post = { conversation: id, client_id: uuid4(), body, question: question ?? null, open }
  connect().post(files ? { ...post, files } : post)
  store.set('talked', true)
  if (start.value) start.value = { ...start.value, open_conversation: id }
  return id
}

/** Ask the assistant: in the conversation that is still with it, else in a new one. */
export async function ask(said: Said): Promise<string> {
  const pictures = await beside.take()
  if (pictures) return begin({ ...said, files: pictures.files }, {}, pictures.conversation)
  const current = start.value?.open_conversation
  if (current) {
    const thread = conversation(current)
    await settled(thread)
    if (thread.thread.value.state === 'bot' && !thread.problem.value) {
      say(current, said)
      return current
    }
  }
  return begin(said)
}

/** Until a conversation is caught up with, or clearly will not be soon. */
function settled({ caughtUp, problem }: Followed): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 1500)
    const stop = effect(() => {
      if (!caughtUp.value && !problem.value) return
      clearTimeout(timer)
      queueMicrotask(() => stop())
      resolve()
    })
  })
}

/** Until the first message of a conversation is stored, so that verbs find the conversation. */
function opened(id: string): Promise<void> {
  const { outbox } = connect()
  return new Promise((resolve) => {
    const stop = effect(() => {
      const pending = outbox.entries.value.some(
        (entry) => entry.conversation === id && entry.open && !entry.acked,
      )
      if (pending) return
      queueMicrotask(() => stop())
      resolve()
    })
  })
}

/** The id of a verb that must happen once, however often it is sent. */
function once(verb: string, id: string): string {
  const key = `once.${verb}.${id}`
  const known = store.get<string>(key) ?? uuid4()
  store.set(key, known)
  return known
}

/** "Speak to a person": a place in the queue, with everything said before. */
export async function askPerson(
  id: string,
  choice: { topic?: string | null; language?: string | null } = {},
): Promise<void> {
  await opened(id)
  const state = conversation(id).thread.value.state
  const body = { id: once(`person.${state}`, id), ...choice }
  try {
    const path = { id }
    const { position } = await api.post<Place>('/api/v1/conversations/{id}/person', body, { path })
    const { position: drawn } = conversation(id)
    if (position && !drawn.value) drawn.value = { position, reason: null }
  } catch (error) {
    // Somebody (this person in another tab) asked before: the wish is fulfilled.
    if (!(error instanceof ApiProblem) || error.code !== 'not_in_this_state') throw error
  } finally {
    store.remove(`once.person.${state}.${id}`)
  }
}

/** "Don't wait: answer me later." The place in the queue is kept. */
export function defer(id: string): Promise<unknown> {
  return verb(id, 'defer')
}

export function resolve(id: string): Promise<unknown> {
  return verb(id, 'resolve')
}

async function verb(id: string, name: 'defer' | 'resolve'): Promise<void> {
  await opened(id)
  await api.post(`/api/v1/conversations/{id}/${name}`, { id: uuid4() }, { path: { id } })
}

export async function helped(
  question: string,
  yes: boolean,
  about: { conversation?: string | null; order?: string | null; message?: string },
): Promise<void> {
  const id = once('helped', about.message ?? `${question}.${about.order ?? ''}`)
  const { conversation: conversationId, order } = about
  await api.post(
    '/api/v1/guide/questions/{key}/feedback',
    { helped: yes, id, conversation: conversationId ?? null, order: order ?? null },
    { path: { key: question } },
  )
}

export function retry(clientId: string): void {
  connect().retry(clientId)
}

export function giveUp(clientId: string): void {
  connect().outbox.remove(clientId)
}
