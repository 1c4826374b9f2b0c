import { signal } from '@preact/signals'

/** The lists of a seller's cases, in the order in which they are offered. */
export const LISTS = ['open', 'closed'] as const
export type List = (typeof LISTS)[number]
export const ORDERS = ['due', 'newest'] as const
export type Order = (typeof ORDERS)[number]

/** A place of the sellers' page. `id`: the case that is open beside the list. */
export interface Place {
  list: List
  order: Order
  id: string | null
}

/** The place an address names; anything unknown is the start. */
export function parse(address: string): Place {
  const { pathname, searchParams } = new URL(address, 'http://seller')
  const [, first, second] = pathname.split('/').filter(Boolean)
  return {
    list: LISTS.find((one) => one === searchParams.get('list')) ?? 'open',
    order: ORDERS.find((one) => one === searchParams.get('order')) ?? 'due',
    id: first === 'cases' && second ? decode(second) : null,
  }
}

/** The address of a place; `parse(path(place))` is the place again. */
export function path({ list, order, id }: Place): string {
  const search = new URLSearchParams()
  if (list !== 'open') search.set('list', list)
  if (order !== 'due') search.set('order', order)
  const address = id ? `/seller/cases/${encodeURIComponent(id)}` : '/seller/'
  return search.size ? `${address}?${search}` : address
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** This page without what stands behind `#`. */
export function here(): string {
  return location.pathname + location.search
}

export const place = signal<Place>(parse(here()))

/** Go to a place. `replace` leaves no step behind in the history (moving through the list). */
export function go(to: Place, replace = false): void {
  const address = path(to)
  if (address !== here()) {
    if (replace) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
  }
  place.value = to
}

/** Follow links of our own and the browser's back button without loading the page again. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    place.value = parse(here())
  })
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a')
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.hash || !/^\/seller(\/|$)/.test(link.pathname)) return
    event.preventDefault()
    go(parse(link.pathname + link.search))
  })
}
