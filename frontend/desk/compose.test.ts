import { describe, expect, it } from 'vitest'
import { type Lock, lock, outgoing, primary, startMode } from './compose.ts'

const MARTA = 'marta'
const mine = { state: 'assigned', operator: { id: MARTA } }
const teos = { state: 'assigned', operator: { id: 'teo' } }
const waiting = { state: 'waiting', operator: null }

describe('who may reply', () => {
  it.each([
    [mine, null],
    [teos, 'other'],
    [waiting, 'waiting'],
    [{ state: 'deferred', operator: null }, 'waiting'],
    [{ state: 'bot', operator: null }, 'bot'],
    [{ state: 'resolved', operator: { id: MARTA } }, 'resolved'],
    [{ ...mine, merged_into: 'c2' }, 'merged'],
  ])('%j is locked by %s', (standing, locked) => {
    expect(lock(standing, MARTA)).toBe(locked)
  })
})

describe('a note', () => {
  const locks: (Lock | null)[] = [null, 'waiting', 'other', 'resolved', 'bot']

  it.each(locks)('leaves as a note and as nothing else, lock %s', (locked) => {
    expect(outgoing('note', locked, ' stolen card? ', 100)).toEqual({
      body: 'stolen card?',
      note: true,
    })
  })

  it.each(locks.filter(Boolean))('is what the composer opens with, lock %s', (locked) => {
    expect(startMode(locked)).toBe('note')
  })
})

it('nothing leaves where the conversation goes on in another', () => {
  expect(outgoing('note', 'merged', 'Hello', 100)).toBeNull()
  expect(outgoing('reply', 'merged', 'Hello', 100)).toBeNull()
})

describe('a reply', () => {
  it('leaves where an operator answers, this one or a colleague', () => {
    expect(startMode(null)).toBe('reply')
    for (const locked of [null, 'other'] as const)
      expect(outgoing('reply', locked, 'Hello', 100)).toEqual({ body: 'Hello', note: false })
    for (const locked of ['waiting', 'resolved', 'bot'] as const)
      expect(outgoing('reply', locked, 'Hello', 100)).toBeNull()
  })

  it('does not leave empty or too long, counted as people count', () => {
    expect(outgoing('reply', null, '  \n', 100)).toBeNull()
    expect(outgoing('reply', null, '👩‍👩‍👧'.repeat(3), 3)).not.toBeNull()
    expect(outgoing('reply', null, '👩‍👩‍👧'.repeat(4), 3)).toBeNull()
  })
})

it.each([
  [null, 'take_next'],
  [waiting, 'take'],
  [mine, 'send'],
  [teos, 'take_next'],
  [{ state: 'resolved', operator: { id: MARTA } }, 'take_next'],
])('one action is primary: %j -> %s', (standing, action) => {
  expect(primary(standing, MARTA)).toBe(action)
})
