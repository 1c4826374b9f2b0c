import { expect, it } from 'vitest'
import { parse, path, type Route } from './routes.ts'

const places: Route[] = [
  { app: 'desk', view: null, id: null },
  { app: 'desk', view: 'mine', id: null },
  { app: 'desk', view: 'waiting', id: '0190aaaa-0000-7000-8000-000000000001' },
  { app: 'cases', id: null, filters: { list: 'due', order: 'due' } },
  {
    app: 'cases',
    id: '0190aaaa-0000-7000-8000-000000000002',
    filters: { list: 'mine', order: 'amount', reason: 'warranty', stage: 'check', q: 'M-10 & 4' },
  },
  { app: 'admin', page: 'overview' },
  { app: 'admin', page: 'deliveries' },
  { app: 'admin', page: 'unanswered' },
  { app: 'admin', page: 'content', language: null, key: null },
  { app: 'admin', page: 'content', language: 'ru', key: null },
  { app: 'admin', page: 'content', language: 'ru', key: 'orders/odd key' },
]

it.each(places)('%j has an address that leads back to it', (place) => {
  expect(parse(path(place))).toEqual(place)
})

const CASES = { app: 'cases', id: null, filters: { list: 'due', order: 'due' } }

it.each([
  ['/desk/nowhere/x', { app: 'desk', view: null, id: null }],
  ['/desk/cases?list=x&order_by=y&reason=z&stage=', CASES],
  ['/admin/nowhere', { app: 'admin', page: 'overview' }],
  ['/', { app: 'desk', view: null, id: null }],
  ['/desk/mine/%E0%A4%A', { app: 'desk', view: 'mine', id: '%E0%A4%A' }],
])('%s is the nearest place there is', (address, place) => {
  expect(parse(address)).toEqual(place)
})
