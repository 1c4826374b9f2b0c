import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Undoable } from './undo.ts'

let done: string[] = []
const action = (id: string) => ({
  id,
  run: (leaving: boolean) => void done.push(leaving ? `${id} leaving` : id),
  undone: () => void done.push(`not ${id}`),
})

beforeEach(() => {
  done = []
  vi.useFakeTimers()
})
afterEach(() => void vi.useRealTimers())

it('does it when the time to undo is over', () => {
  const undoable = new Undoable(5000)
  undoable.schedule(action('a'))
  vi.advanceTimersByTime(4999)
  expect(done).toEqual([])
  vi.advanceTimersByTime(1)
  expect(done).toEqual(['a'])
  expect(undoable.undo('a')).toBe(false)
})

it('does not do what was undone', () => {
  const undoable = new Undoable(5000)
  undoable.schedule(action('a'))
  undoable.schedule(action('b'))
  expect(undoable.last()).toBe('b')
  expect(undoable.undo('b')).toBe(true)
  vi.advanceTimersByTime(9000)
  expect(done).toEqual(['not b', 'a'])
})

it('does it at once when the page is left: the lid closes right after "resolve"', () => {
  new Undoable(5000).schedule(action('a'))
  dispatchEvent(new Event('pagehide'))
  vi.advanceTimersByTime(9000)
  expect(done).toEqual(['a leaving'])
})
