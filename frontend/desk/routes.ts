import { signal } from '@preact/signals'
import { type CaseFilters, readCaseFilters, writeCaseFilters } from './cases/filters.ts'
import {
  type FilterName,
  type Filters,
  isEmpty,
  LIST_FILTERS,
  readFilters,
  SEARCH_FILTERS,
  writeFilters,
} from './filters.ts'

/** The lists of the inbox, in the order in which they are offered. */
export const VIEWS = [
  'waiting',
  'mine',
  'all',
  'unassigned',
  'due',
  'mentions',
  'followed',
  'snoozed',
  'resolved',
] as const
export type View = (typeof VIEWS)[number]
/** What the first pane can show: a list, or what a search found. */
export type Shown = View | 'search'

/** The pages of the administration that an address names with one word. */
export const ADMIN_PAGES = [
  'overview',
  'helped',
  'unanswered',
  'confused',
  'suggestions',
  'deliveries',
  'teams',
  'operators',
  'macros',
  'sla',
  'cases',
] as const
export type AdminPage = (typeof ADMIN_PAGES)[number]

/** A place of the desk. `at`: the number of the event that the thread opens at. */
export interface DeskPlace {
  app: 'desk'
  view: Shown | null
  id: string | null
  filters?: Filters
  at?: number
}

/** The work list of cases, or one of them, opened from that list. */
export interface CasesPlace {
  app: 'cases'
  id: string | null
  filters: CaseFilters
}

export type Route =
  | DeskPlace
  | CasesPlace
  | { app: 'admin'; page: AdminPage }
  | { app: 'admin'; page: 'content'; key: string | null; language: string | null }

/** The place an address names; anything unknown is the start of its app. */
export function parse(address: string): Route {
  const { pathname, searchParams } = new URL(address, 'http://desk')
  const [app, first, second, third] = pathname.split('/').filter(Boolean).map(decode)
  if (app === 'admin') {
    if (first === 'content')
      return { app, page: first, language: second ?? null, key: third ?? null }
    return { app, page: ADMIN_PAGES.find((name) => name === first) ?? 'overview' }
  }
  if (app === 'desk' && first === 'cases')
    return { app: 'cases', id: second ?? null, filters: readCaseFilters(searchParams) }
  const view = first === 'search' ? first : (VIEWS.find((name) => name === first) ?? null)
  const place: DeskPlace = { app: 'desk', view, id: view && second ? second : null }
  const filters = readFilters(searchParams, filtersOf(view))
  if (!isEmpty(filters)) place.filters = filters
  const at = Number(searchParams.get('at') ?? Number.NaN)
  if (place.id && Number.isSafeInteger(at) && at > 0) place.at = at
  return place
}

/** The filters that a list has; a search has others. */
export function filtersOf(view: Shown | null): readonly FilterName[] {
  return view === 'search' ? SEARCH_FILTERS : LIST_FILTERS
}

/** The address of a place; `parse(path(place))` is the place again. */
export function path(place: Route): string {
  const tail = parts(place).filter((part): part is string => Boolean(part))
  const address = `/${place.app === 'cases' ? 'desk' : place.app}/${tail.map(encodeURIComponent).join('/')}`
  const search = place.app === 'admin' ? '' : searchOf(place).toString()
  return search ? `${address}?${search}` : address
}

function parts(place: Route): (string | null)[] {
  if (place.app === 'desk') return [place.view, place.view && place.id]
  if (place.app === 'cases') return ['cases', place.id]
  if (place.page !== 'content') return place.page === 'overview' ? [] : [place.page]
  return [place.page, place.language, place.language && place.key]
}

function searchOf(place: DeskPlace | CasesPlace): URLSearchParams {
  if (place.app === 'cases') return writeCaseFilters(place.filters)
  const { view, id, filters = {}, at } = place
  const search = writeFilters(filters, filtersOf(view))
  if (id && at) search.set('at', String(at))
  return search
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

function here(): string {
  return location.pathname + location.search
}

export const route = signal<Route>(parse(here()))

/** Go to a place. `replace` leaves no step behind in the history (moving through a list). */
export function go(place: Route, replace = false): void {
  const address = path(place)
  if (address !== here()) {
    if (replace) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
  }
  route.value = place
}

/** Follow links of our own and the browser's back button without loading the page again. */
export function followLinks(): void {
  addEventListener('popstate', () => {
    route.value = parse(here())
  })
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a')
    if (!link || event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.hash && link.pathname === location.pathname) return
    if (!/^\/(desk|admin)(\/|$)/.test(link.pathname)) return
    event.preventDefault()
    go(parse(link.pathname + link.search))
  })
}
