import { beforeEach, expect, it } from 'vitest'
import { Drafts } from './drafts.ts'

const DAY = 24 * 3600 * 1000

beforeEach(() => localStorage.clear())

it('survive a reload, each on its side and in its conversation', () => {
  const before = new Drafts('marta')
  before.set('c1', 'reply', 'Hello Ana')
  before.set('c1', 'note', 'late again')
  const after = new Drafts('marta')
  expect(after.get('c1', 'reply')).toBe('Hello Ana')
  expect(after.get('c1', 'note')).toBe('late again')
  expect(after.get('c2', 'reply')).toBe('')
})

it('remember what their author had seen when they were begun', () => {
  new Drafts('marta').set('c1', 'reply', 'Hello Ana', { basis: 7 })
  expect(new Drafts('marta').basis('c1')).toBe(7)
  new Drafts('marta').set('c1', 'reply', '')
  expect(new Drafts('marta').basis('c1')).toBeNull()
})

it('are nobody else’s', () => {
  new Drafts('marta').set('c1', 'reply', 'Hello Ana')
  expect(new Drafts('teo').get('c1', 'reply')).toBe('')
})

it('are gone when sent', () => {
  const drafts = new Drafts('marta')
  drafts.set('c1', 'reply', 'Hello')
  expect(drafts.has('c1')).toBe(true)
  drafts.set('c1', 'reply', '  ')
  expect(drafts.has('c1')).toBe(false)
  expect(localStorage.length).toBe(0)
})

it('are forgotten after 14 days, and what is not ours is left alone', () => {
  const drafts = new Drafts('marta')
  drafts.set('old', 'note', 'quotes a buyer', { now: 0 })
  drafts.set('new', 'note', 'fresh', { now: 2 * DAY })
  localStorage.setItem('other', 'x')
  drafts.prune(15 * DAY)
  expect(drafts.has('old')).toBe(false)
  expect(drafts.has('new')).toBe(true)
  expect(localStorage.getItem('other')).toBe('x')
})

it('of a full or broken storage are not an error', () => {
  localStorage.setItem('amparo.draft.marta.c1.reply', '{broken')
  expect(new Drafts('marta').get('c1', 'reply')).toBe('')
  const full = {
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  expect(() => new Drafts('marta', full as never).set('c1', 'reply', 'x')).not.toThrow()
})
