import { expect, it } from 'vitest'
import { readTime, type Target, twice, writeTime } from './targets.ts'

it.each([
  ['', null],
  ['15', 900],
  ['15m', 900],
  ['15 min', 900],
  ['90', 5400],
  ['1h 30m', 5400],
  ['1:30', 5400],
  ['2 ч', 7200],
  ['2 ч 5 мин', 7500],
  ['24h', 86_400],
  ['0', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['1:75', undefined],
  ['9999h', undefined],
])('%j is %s seconds', (text, seconds) => {
  expect(readTime(text)).toBe(seconds)
})

it.each([60, 900, 3600, 5400, 86_400, 90_060])('%s s is read back as it was written', (seconds) => {
  expect(readTime(writeTime(seconds))).toBe(seconds)
})

it('two promises for the same are found, null and a channel are not the same', () => {
  const none = { first_response_s: null, next_response_s: null, resolution_s: null }
  const all: Target = { priority: null, channel: null, ...none }
  const chat: Target = { priority: null, channel: 'chat', ...none }
  expect(twice([all, chat])).toBeNull()
  expect(twice([all, chat, { ...chat }])).toEqual(chat)
})
