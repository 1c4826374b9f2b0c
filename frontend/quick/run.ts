import { type Signal, signal } from '@preact/signals'
import { language } from '../core/i18n.ts'
import { uuid4, uuid7 } from '../core/ids.ts'
import { go } from '../panel/router.ts'
import { api, boot, place, session, start, store } from '../panel/state.ts'
import { type Fix, type FixEvent, next } from './fix.ts'
import type { Kind } from './kinds.ts'

/** What a quick fix is about, and where it was pressed. */
export interface About {
  order: string
  conversation: string | null
  question?: string | null
}

const fixes = new Map<string, Signal<Fix | null>>()
const problems = new Map<string, Signal<unknown>>()
const underway = new Set<string>()

/** The quick fix of a place of the panel; kept over a reload. */
export function fixAt(where: string): Signal<Fix | null> {
  let found = fixes.get(where)
  if (!found) {
    found = signal(store.get<Fix>(`quick.${where}`) ?? null)
    fixes.set(where, found)
    if (found.value?.step === 'sending') void post(where, found.value)
  }
  return found
}

/** Why the last sending did not work. */
export function problemAt(where: string): Signal<unknown> {
  let found = problems.get(where)
  if (!found) {
    found = signal<unknown>(null)
    problems.set(where, found)
  }
  return found
}

export function begin(where: string, kind: Kind, about: About): void {
  problemAt(where).value = null
  keep(where, {
    id: uuid4(),
    kind,
    order: about.order,
    conversation: about.conversation ?? uuid7(),
    opens: about.conversation === null,
    question: about.question ?? null,
    step: 'ask',
    data: {},
  })
}

export function drop(where: string): void {
  keep(where, null)
}

export function tell(where: string, event: FixEvent): void {
  const before = fixAt(where).peek()
  if (!before) return
  const after = next(before, event)
  if (after === before) return
  keep(where, after)
  if (after.step === 'sending') void post(where, after)
}

function keep(where: string, fix: Fix | null): void {
  fixAt(where).value = fix
  if (fix) store.set(`quick.${where}`, fix)
  else store.remove(`quick.${where}`)
}

async function post(where: string, fix: Fix): Promise<void> {
  if (underway.has(fix.id)) return
  underway.add(fix.id)
  problemAt(where).value = null
  try {
    await session.ensure()
    const { id, kind, data, conversation } = fix
    const open = fix.opens ? opening(fix) : null
    await api.post(
      '/api/v1/orders/{ref}/requests',
      { id, kind, data, conversation, open },
      { path: { ref: fix.order } },
    )
    if (fixAt(where).peek()?.id === fix.id) keep(where, null)
    if (fix.opens) arrive(conversation)
  } catch (error) {
    problemAt(where).value = error
    if (fixAt(where).peek()?.id === fix.id) tell(where, { type: 'failed' })
  } finally {
    underway.delete(fix.id)
  }
}

function opening(fix: Fix) {
  return {
    channel: 'chat',
    site: boot.site,
    language: language.value === 'ar-XB' ? 'en' : language.value,
    page: place.value.page,
    order_ref: fix.order,
    question: fix.question,
    topic: 'orders',
  }
}

/** The conversation is there now: its answer will come in it. */
function arrive(conversation: string): void {
  store.set('talked', true)
  if (start.value) start.value = { ...start.value, open_conversation: conversation }
  go({ name: 'conversation', id: conversation })
}
