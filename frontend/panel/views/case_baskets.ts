import type { ReadonlySignal } from '@preact/signals'
import type { CaseReasonChoice } from '../../core/cases.ts'
import type { Basket } from '../../pictures/basket.ts'
import { caseBasket } from '../../ui/case/basket.ts'
import { session } from '../state.ts'
import { cases } from './case_client.ts'
import { evidenceName } from './case_draft.ts'
import { fetched } from './download.ts'

const made = new Map<string, Basket>()
/** What was sent in the conversation, until the reason says where it belongs. */
const brought = new Map<string, File[]>()

/** Files wait by kind of evidence: who changes the reason finds them again where they fit. */
function basketOf(place: string, type: string): Basket {
  const where = `case.new.${place}.${type}`
  const known = made.get(where)
  if (known) return known
  const basket = caseBasket(cases, { place: `panel.${where}`, type })
  made.set(where, basket)
  return basket
}

/** The baskets of a reason, by the names of its fields; what was brought goes into the first. */
export function basketsOf(place: string, reason: CaseReasonChoice): Map<string, Basket> {
  const own = reason.evidence.map(
    ({ type }) => [evidenceName(type), basketOf(place, type)] as const,
  )
  const [first] = own
  const files = brought.get(place)
  if (first && files) {
    brought.delete(place)
    // Not while it is drawn.
    queueMicrotask(() => first[1].add(files))
  }
  return new Map(own)
}

const MOST = 6

/** What this person sent in a conversation comes along: nobody uploads it twice. */
export async function bringFiles(place: string, conversation: string): Promise<void> {
  const chat = await import('../chat.ts')
  const { thread, caughtUp } = chat.conversation(conversation)
  await whole(caughtUp)
  const me = session.person.value?.id
  const sent = thread.value.items.flatMap((event) =>
    event.kind === 'message' && event.data.author.id === me && !event.data.deleted
      ? (event.data.extra?.files ?? [])
      : [],
  )
  const files: File[] = []
  for (const { url, name, media_type } of sent.slice(-MOST)) {
    const blob = await fetched(url).catch(() => null)
    if (blob) files.push(new File([blob], name || 'picture', { type: media_type }))
  }
  if (files.length) brought.set(place, files)
}

const PATIENCE = 4000

/** All of the conversation has come, or it takes too long. */
function whole(caughtUp: ReadonlySignal<boolean>): Promise<void> {
  return new Promise((resolve) => {
    let stop = () => {}
    const done = () => {
      stop()
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, PATIENCE)
    stop = caughtUp.subscribe((is) => {
      if (is) queueMicrotask(done)
    })
  })
}
