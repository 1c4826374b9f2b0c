/** What narrows a list of the desk, as it stands in the address. Only what is set is there. */

export const LIST_FILTERS = [
  'team',
  'language',
  'channel',
  'topic',
  'tag',
  'operator',
  'order',
] as const
export const SEARCH_FILTERS = [
  'q',
  'author',
  'language',
  'channel',
  'state',
  'operator',
  'tag',
  'from',
  'to',
] as const
export type ListFilter = (typeof LIST_FILTERS)[number]
export type SearchFilter = (typeof SEARCH_FILTERS)[number]
export type FilterName = ListFilter | SearchFilter
export type Filters = Readonly<Partial<Record<FilterName, string>>>

export const CHANNELS = [
  'chat',
  'assistant',
  'email',
  'store_form',
  'order',
  'messenger',
  'case',
] as const
export const STATES = ['bot', 'waiting', 'assigned', 'snoozed', 'deferred', 'resolved'] as const
export const AUTHORS = ['buyer', 'staff', 'assistant'] as const
export const ORDERS = ['newest', 'oldest', 'due'] as const

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const KEY = /^[^\s/?#&]{1,64}$/
const LONGEST = 200

const one =
  (values: readonly string[]) =>
  (value: string): boolean =>
    values.includes(value)

/** What each may be; anything else in an address is as if it were not there. */
const VALID: Record<FilterName, (value: string) => boolean> = {
  team: (value) => KEY.test(value),
  topic: (value) => KEY.test(value),
  language: (value) => /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(value),
  channel: one(CHANNELS),
  state: one(STATES),
  author: one(AUTHORS),
  order: one(ORDERS),
  tag: (value) => value.trim() !== '' && value.length <= 64,
  operator: (value) => value === 'me' || value === 'none' || UUID.test(value),
  q: (value) => value.trim() !== '' && value.length <= LONGEST,
  from: isDay,
  to: isDay,
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const time = Date.parse(`${value}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
}

/** The filters of `names` that `search` sets to something that they may be. */
export function readFilters(search: URLSearchParams, names: readonly FilterName[]): Filters {
  const found: Partial<Record<FilterName, string>> = {}
  for (const name of names) {
    const value = search.get(name)
    if (value !== null && VALID[name](value)) found[name] = value
  }
  return found
}

/** As they stand in an address: always in the same order, so that two of them can be compared. */
export function writeFilters(filters: Filters, names: readonly FilterName[]): URLSearchParams {
  const search = new URLSearchParams()
  for (const name of names) {
    const value = filters[name]
    if (value !== undefined && VALID[name](value)) search.set(name, value)
  }
  return search
}

/** With one of them set to something else; empty takes it away. */
export function withFilter(filters: Filters, name: FilterName, value: string): Filters {
  const { [name]: _, ...rest } = filters
  return value ? { ...rest, [name]: value } : rest
}

export function isEmpty(filters: Filters): boolean {
  return Object.keys(filters).length === 0
}
