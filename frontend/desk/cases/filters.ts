/** What narrows the work list of cases, as it stands in the address. */

export const CASE_LISTS = [
  'due',
  'mine',
  'unassigned',
  'appeals',
  'alarms',
  'all',
  'closed',
] as const
export type CaseList = (typeof CASE_LISTS)[number]

export const CASE_ORDERS = ['due', 'amount', 'newest'] as const
export type CaseOrder = (typeof CASE_ORDERS)[number]

export const REASONS = [
  'payment_not_credited',
  'paid_unavailable',
  'not_as_described',
  'compensation',
  'page_removed',
  'warranty',
  'not_received',
  'cooling_off',
] as const
export const STAGES = [
  'check',
  'negotiation',
  'mediation',
  'decided',
  'fulfilment',
  'closed',
] as const

/** A list of cases. Of the filters only what is set is there. */
export interface CaseFilters {
  list: CaseList
  order: CaseOrder
  reason?: string
  stage?: string
  /** Words: a number of a case or an order, a name. */
  q?: string
}

export const FIRST: CaseFilters = { list: 'due', order: 'due' }
const LONGEST = 100

function oneOf<T extends string>(values: readonly T[], value: string | null): T | undefined {
  return values.find((known) => known === value)
}

/** The list an address names; what is no value of ours is as if it were not there. */
export function readCaseFilters(search: URLSearchParams): CaseFilters {
  const found: CaseFilters = {
    list: oneOf(CASE_LISTS, search.get('list')) ?? FIRST.list,
    order: oneOf(CASE_ORDERS, search.get('order_by')) ?? FIRST.order,
  }
  const reason = oneOf(REASONS, search.get('reason'))
  const stage = oneOf(STAGES, search.get('stage'))
  const q = search.get('q')?.trim().slice(0, LONGEST)
  if (reason) found.reason = reason
  if (stage) found.stage = stage
  if (q) found.q = q
  return found
}

/** As it stands in the address: what goes without saying is left out. */
export function writeCaseFilters(filters: CaseFilters): URLSearchParams {
  const search = new URLSearchParams()
  if (filters.list !== FIRST.list) search.set('list', filters.list)
  if (filters.order !== FIRST.order) search.set('order_by', filters.order)
  for (const name of ['reason', 'stage', 'q'] as const) {
    const value = filters[name]
    if (value) search.set(name, value)
  }
  return search
}

/** What the server is asked for. */
export function queryOf({ list, order, ...rest }: CaseFilters): Record<string, string> {
  return { list, order_by: order, ...rest }
}

/** Narrowed by something else; nothing or an empty word takes it away. */
export function withCaseFilter(
  filters: CaseFilters,
  name: 'reason' | 'stage' | 'q',
  value: string,
): CaseFilters {
  const { [name]: _, ...rest } = filters
  return value ? { ...rest, [name]: value } : rest
}

export function isNarrowed({ reason, stage, q }: CaseFilters): boolean {
  return Boolean(reason || stage || q)
}
