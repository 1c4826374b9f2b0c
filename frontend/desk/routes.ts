import { signal } from '@preact/signals'

/** The lists of the inbox, in the order of their tabs. */
export const VIEWS = ['waiting', 'mine', 'all', 'resolved'] as const
export type View = (typeof VIEWS)[number]

/** The pages of the administration that an address names with one word. */
export const ADMIN_PAGES = [
  'overview',
  'helped',
  'unanswered',
  'confused',
  'suggestions',
  'deliveries',
] as const
export type AdminPage = (typeof ADMIN_PAGES)[number]

export type Route =
  | { app: 'desk'; view: View | null; id: string | null }
  | { app: 'admin'; page: AdminPage }
  | { app: 'admin'; page: 'content'; key: string | null; language: string | null }

/** The place an address names; anything unknown is the start of its app. */
export function parse(pathname: string): Route {
  const [app, first, second, third] = pathname.split('/').filter(Boolean).map(decode)
  if (app === 'admin') {
    if (first === 'content')
      return { app, page: first, language: second ?? null, key: third ?? null }
    return { app, page: ADMIN_PAGES.find((name) => name === first) ?? 'overview' }
  }
  const view = VIEWS.find((name) => name === first) ?? null
  return { app: 'desk', view, id: view && second ? second : null }
}

/** The address of a place; `parse(path(place))` is the place again. */
export function path(place: Route): string {
  const tail = parts(place).filter((part): part is string => Boolean(part))
  return `/${place.app}/${tail.map(encodeURIComponent).join('/')}`
}

function parts(place: Route): (string | null)[] {
  if (place.app === 'desk') return [place.view, place.view && place.id]
  if (place.page !== 'content') return place.page === 'overview' ? [] : [place.page]
  return [place.page, place.language, place.language && place.key]
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const route = signal<Route>(parse(location.pathname))

/** Go to a place. `replace` leaves no step behind in the history (moving through a list). */
export function go(place: Route, replace = false): void {
  const address = path(place)
  if (address !== location.pathname) {
    if (replace) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
  }
  route.value = place
}

/** Follow links of our own and the browser's back button without loading the page again. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    route.value = parse(location.pathname)
  })
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a')
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.hash && link.pathname === location.pathname) return
    if (!/^\/(desk|admin)(\/|$)/.test(link.pathname)) return
    event.preventDefault()
    go(parse(link.pathname))
  })
}
