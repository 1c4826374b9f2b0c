import { beforeEach, describe, expect, it } from 'vitest'
import { Keys } from './keymap.ts'
import { DEFAULT_KEYS } from './keys.ts'

beforeEach(() => localStorage.clear())

describe("a person's own keys", () => {
  it('come back after a reload, for that person only', () => {
    expect(new Keys('marta').set('snooze', 'y')).toBeNull()
    expect(new Keys('marta').map.value.snooze).toBe('y')
    expect(new Keys('teo').map.value.snooze).toBe('s')
  })

  it('of another command are told, and nothing changes', () => {
    const keys = new Keys('marta')
    expect(keys.set('snooze', 'j')).toBe('next')
    expect(keys.map.value).toEqual(DEFAULT_KEYS)
  })

  it('are taken from the other one when that is wanted', () => {
    const keys = new Keys('marta')
    expect(keys.set('snooze', 'j', true)).toBeNull()
    const again = new Keys('marta').map.value
    expect(again.snooze).toBe('j')
    expect(again.next).toBeUndefined()
  })

  it('cannot be one that begins others: g would never be heard to its end', () => {
    const keys = new Keys('marta')
    expect(keys.set('snooze', 'g')).toBe('go_waiting')
    expect(keys.set('snooze', 'j w')).toBe('next')
    keys.set('snooze', 'g', true)
    expect(Object.values(keys.map.value).filter((key) => key?.startsWith('g '))).toEqual([])
  })

  it('can be none at all, and all come back', () => {
    const keys = new Keys('marta')
    keys.set('resolve', null)
    expect(new Keys('marta').map.value.resolve).toBeUndefined()
    keys.reset()
    expect(new Keys('marta').map.value).toEqual(DEFAULT_KEYS)
  })

  it('keep only what differs: a key that comes later reaches everybody', () => {
    new Keys('marta').set('snooze', 'y')
    expect(JSON.parse(localStorage.getItem('amparo.desk.keys.marta')!)).toEqual({ snooze: 'y' })
  })

  it.each(['{broken', '{"snooze":5,"nonsense":"q","palette":"w","next":"too long"}', 'null'])(
    'that were kept wrongly are as they come: %s',
    (kept) => {
      localStorage.setItem('amparo.desk.keys.marta', kept)
      expect(new Keys('marta').map.value).toEqual(DEFAULT_KEYS)
    },
  )
})
