import { computed, signal } from '@preact/signals'
import { store } from './state.ts'

export type View =
  | { name: 'home' }
  | { name: 'topics' }
  | { name: 'topic'; topic: string }
  | { name: 'question'; question: string; order?: string | null; conversation?: string | null }
  | { name: 'orders' }
  | { name: 'order'; order: string }
  | { name: 'contact'; topic?: string | null; question?: string | null; order?: string | null }
  | { name: 'conversations' }
  | { name: 'conversation'; id: string }
  | {
      name: 'cases'
      /** One case; else a new one about `order`; else the list. */
      id?: string
      /** It was open before: nothing was opened twice. */
      existed?: boolean
      order?: string
      line?: number | null
      reason?: string | null
      conversation?: string | null
    }

const HOME: View = { name: 'home' }

/** The road here; kept over a reload. The URL of an iframe would fill the site's own history. */
const stack = signal<View[]>([HOME])

export function restoreViews(): void {
  stack.value = store.get<View[]>('views') ?? [HOME]
}

export const view = computed(() => stack.value[stack.value.length - 1] ?? HOME)
export const canGoBack = computed(() => stack.value.length > 1)

function change(views: View[]): void {
  stack.value = views
  store.set('views', views)
}

export function go(next: View): void {
  change([...stack.value, next])
}

/** In place of the present view: what led here is done (a form became a conversation). */
export function replace(next: View): void {
  change([...stack.value.slice(0, -1), next])
}

export function back(): void {
  if (canGoBack.value) change(stack.value.slice(0, -1))
}

export function home(...then: View[]): void {
  change([HOME, ...then])
}
