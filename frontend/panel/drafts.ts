import { effect, type Signal, signal } from '@preact/signals'
import { store } from './state.ts'

const drafts = new Map<string, Signal<string>>()

/** What somebody began to write there; kept over a reload. */
export function draft(place: string): Signal<string> {
  const known = drafts.get(place)
  if (known) return known
  const key = `draft.${place}`
  const fresh = signal(store.get<string>(key) ?? '')
  drafts.set(place, fresh)
  effect(() => {
    if (fresh.value) store.set(key, fresh.value)
    else store.remove(key)
  })
  return fresh
}

export function forgetDrafts(): void {
  for (const text of drafts.values()) text.value = ''
}
