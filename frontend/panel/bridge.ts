import { signal } from '@preact/signals'
import { forgetDrafts } from './drafts.ts'
import { go, home } from './router.ts'
import { boot, loadStart, place, session, tokenSource } from './state.ts'

/** Messages of the loader, over the port of the hand-shake. */
type FromLoader =
  | { type: 'identify'; token: string | null }
  | { type: 'open'; topic?: string; order?: string; question?: string; page?: string }
  | { type: 'logout' }
  | { type: 'shown' }
  | { type: 'hidden' }

/** In a site's iframe, or opened by itself as a page. */
export const embedded = window.parent !== window
export const shown = signal(!embedded)
/** Before the title of the page: "(2) " while something is unread. */
export const badge = signal('')

const HELLO_PATIENCE = 1200
const TOKEN_PATIENCE = 4000

let port: MessagePort | undefined
let tokenArrived: ((token: string | null) => void) | undefined

/** Say something to the loader; nothing happens without one. */
export function tell(message: { type: string } & Record<string, unknown>): void {
  port?.postMessage(message)
}

/** Wait for the loader (a moment, if there is one). */
export function greet(): Promise<Hello | null> {
  return embedded ? firstHello() : Promise.resolve(null)
}

/** Find out who is here: the buyer whom the loader announces, or this tab's visitor. */
export async function meet(hello: Hello | null): Promise<void> {
  if (hello?.page) place.value = { ...place.value, page: hello.page }
  const was = session.remembered
  session.restore(!embedded)
  if (hello?.identify) await takeToken(await nextToken())
  // What was open belongs to somebody else, or to nobody any more.
  if (was && was !== session.person.value?.id) home()
}

export interface Hello {
  identify?: boolean
  page?: string
  /** What the vault gave it to keep. */
  kept?: string | null
}

function firstHello(): Promise<Hello | null> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), HELLO_PATIENCE)
    addEventListener('message', (event) => {
      const allowed = event.source === window.parent && boot.origins.includes(event.origin)
      if (!allowed || event.data?.amparo !== 'hello' || !event.ports[0]) return
      port = event.ports[0]
      port.onmessage = ({ data }) => void hear(data as FromLoader)
      tokenSource.ask = () => {
        const answer = nextToken()
        tell({ type: 'need-token' })
        return answer
      }
      tell({ type: 'welcome' })
      resolve(event.data as Hello)
    })
  })
}

/** The token of the next `identify`, or null when none comes. Nobody else takes that one up. */
function nextToken(): Promise<string | null> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => tokenArrived?.(null), TOKEN_PATIENCE)
    tokenArrived = (token) => {
      clearTimeout(timer)
      tokenArrived = undefined
      resolve(token)
    }
  })
}

async function takeToken(token: string | null): Promise<void> {
  if (token) await session.identify(token).catch(() => false)
}

async function hear(message: FromLoader): Promise<void> {
  switch (message.type) {
    case 'identify':
      if (tokenArrived) return tokenArrived(message.token)
      return arrive(message.token)
    case 'open':
      return open(message)
    case 'logout':
      forgetDrafts()
      home()
      await session.forget()
      return loadStart()
    case 'shown':
      shown.value = true
      document.querySelector('h1')?.focus()
      return
    case 'hidden':
      shown.value = false
  }
}

/** Somebody signs in while the panel is open. Another person starts at the beginning. */
async function arrive(token: string | null): Promise<void> {
  const was = session.person.value?.id
  await takeToken(token)
  if (session.person.value?.id === was) return
  if (was) home()
  await loadStart()
}

function open({ topic, order, question, page }: FromLoader & { type: 'open' }): void {
  const next = { page: page ?? place.value.page, order: order ?? null }
  const moved = next.page !== place.value.page || next.order !== place.value.order
  place.value = next
  if (question) go({ name: 'question', question, order: order ?? null })
  else if (order) go({ name: 'order', order })
  else if (topic) go({ name: 'topic', topic: topic })
  if (moved) void loadStart()
}
