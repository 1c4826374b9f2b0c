import { describe, expect, it } from 'vitest'
import type { MessageData } from '../core/types.ts'
import { type Fix, next, progress } from './fix.ts'
import { isPage, isRequest, needsOrder, pageFor } from './kinds.ts'

const fix: Fix = {
  id: '1',
  kind: 'cancel_order',
  order: 'M-1',
  conversation: 'c',
  opens: false,
  question: null,
  step: 'ask',
  data: {},
}

const about = (request: object) => ({ extra: { request } }) as Pick<MessageData, 'extra'>
describe('a quick fix on its way', () => {
  it('is sent once: a second click changes nothing', () => {
    const sending = next(fix, { type: 'send', data: { a: 1 } })
    expect(sending).toMatchObject({ step: 'sending', data: { a: 1 }, id: '1' })
    expect(next(sending, { type: 'send', data: { a: 2 } })).toBe(sending)
    expect(next(sending, { type: 'again' })).toBe(sending)
  })

  it('is sent again under the same id, with the same data', () => {
    const failed = next(next(fix, { type: 'send', data: { a: 1 } }), { type: 'failed' })
    expect(next(failed, { type: 'again' })).toEqual({ ...failed, step: 'sending' })
  })

  it('does not fail before it was sent', () => {
    expect(next(fix, { type: 'failed' })).toBe(fix)
  })
})

describe('how far a request is', () => {
  const asked = about({ id: '1', kind: 'cancel_order', state: 'asked' })
  const late = about({ id: '1', kind: 'cancel_order', state: 'asked', overdue: true })
  const done = about({ id: '1', kind: 'cancel_order', state: 'done' })
  const other = about({ id: '2', kind: 'cancel_order', state: 'refused' })

  it.each([
    [[], 'asked'],
    [[asked], 'asked'],
    [[asked, other], 'asked'],
    [[asked, late], 'overdue'],
    [[asked, late, done], 'done'],
    [[done, late], 'done'],
    [[about({ id: '1', kind: 'open_dispute', state: 'asked' })], 'person'],
  ])('%#', (messages, reached) => {
    expect(progress('1', messages)).toBe(reached)
  })

  it('is not read from what is no mark', () => {
    expect(progress('1', [about({}), { extra: null }])).toBe('asked')
  })
})

it('a page gets the order, safely', () => {
  expect(pageFor('https://s.example/pay?o={order}', 'M 1&x')).toBe(
    'https://s.example/pay?o=M%201%26x',
  )
  expect(pageFor('https://s.example/pay?o={order}', null)).toBe('https://s.example/pay?o=')
})

it('every key has one use', () => {
  expect(isRequest('cancel_order')).toBe(true)
  expect(isPage('secure_account')).toBe(true)
  expect(isRequest('secure_account')).toBe(false)
  expect(needsOrder('appeal_decision')).toBe(true)
  expect(needsOrder('show_orders')).toBe(false)
})
