import { describe, expect, it } from 'vitest'
import { MOST, Selection } from './selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const chosen = (selection: Selection) => [...selection.ids.value].sort()

describe('choosing rows', () => {
  it('one after another, and back', () => {
    const selection = new Selection()
    selection.toggle('a')
    selection.toggle('c')
    selection.toggle('a')
    expect(chosen(selection)).toEqual(['c'])
  })

  it('a range from the last choice, in either direction', () => {
    const selection = new Selection()
    selection.toggle('d')
    selection.range(order, 'b')
    expect(chosen(selection)).toEqual(['b', 'c', 'd'])
  })

  it('step by step with the keys, from the open conversation on', () => {
    const selection = new Selection()
    selection.extend(order, 'b', 1)
    selection.extend(order, 'b', 1)
    expect(chosen(selection)).toEqual(['b', 'c', 'd'])
    expect(selection.cursor.value).toBe('d')
    selection.extend(order, 'b', 1)
    selection.extend(order, 'b', 1)
    expect(selection.cursor.value).toBe('e')
  })

  it('without anything open the keys begin at the first row', () => {
    const selection = new Selection()
    selection.extend(order, null, 1)
    expect(chosen(selection)).toEqual(['a'])
  })

  it('loses what is gone from the list', () => {
    const selection = new Selection()
    selection.add(['a', 'b'])
    selection.cursor.value = 'b'
    selection.keep(['a', 'c'])
    expect(chosen(selection)).toEqual(['a'])
    expect(selection.cursor.value).toBeNull()
  })

  it('never more than the server changes at once, and it says so', () => {
    const selection = new Selection()
    const many = Array.from({ length: MOST + 1 }, (_, n) => `c${n}`)
    expect(selection.add(many)).toBe(false)
    expect(selection.size.value).toBe(MOST)
    expect(selection.toggle('one more')).toBe(false)
    expect(selection.toggle('c0')).toBe(true)
  })
})
