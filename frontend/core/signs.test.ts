import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Signs } from './signs.ts'
import type { ClientFrame } from './types.ts'

const C = 'c1'
let sent: ClientFrame[] = []
let online = true
const make = () =>
  new Signs((frame) => {
    if (online) sent.push(frame)
    return online
  })
const typed = () => sent.flatMap((frame) => (frame.type === 'typing' ? [frame.on] : []))
const seen = () => sent.flatMap((frame) => (frame.type === 'seen' ? [[frame.seq, frame.read]] : []))

beforeEach(() => {
  vi.useFakeTimers()
  sent = []
  online = true
})
afterEach(() => {
  vi.useRealTimers()
})

describe('writing', () => {
  it('is said at once, seldom while it lasts, and ends by itself', () => {
    const signs = make()
    for (let ms = 0; ms <= 6000; ms += 500) {
      signs.typing(C, true)
      vi.advanceTimersByTime(500)
    }
    expect(typed()).toEqual([true, true, true])
    vi.advanceTimersByTime(5000)
    expect(typed()).toEqual([true, true, true, false])
  })

  it('ends when it is said, once', () => {
    const signs = make()
    signs.typing(C, true)
    signs.typing(C, false)
    signs.typing(C, false)
    vi.advanceTimersByTime(20_000)
    expect(typed()).toEqual([true, false])
  })
})

describe('seen', () => {
  it('is told at once, then at most once a second, with the latest', () => {
    const signs = make()
    for (let seq = 1; seq <= 50; seq++) signs.seen(C, seq, false)
    expect(seen()).toEqual([[1, false]])
    vi.advanceTimersByTime(1000)
    expect(seen()).toEqual([
      [1, false],
      [50, false],
    ])
    vi.advanceTimersByTime(10_000)
    expect(seen()).toHaveLength(2)
  })

  it('says "read" in place of "delivered", and both where they differ', () => {
    const signs = make()
    signs.seen(C, 3, true)
    expect(seen()).toEqual([[3, true]])
    signs.seen(C, 4, true)
    signs.seen(C, 6, false)
    vi.advanceTimersByTime(1000)
    expect(seen().slice(1)).toEqual([
      [4, true],
      [6, false],
    ])
  })

  it('is not lost with the connection, and not told again when it is old', () => {
    const signs = make()
    signs.seen('old', 9, true)
    vi.advanceTimersByTime(60_000)
    signs.seen(C, 5, true)
    online = false
    vi.advanceTimersByTime(2000)
    signs.seen(C, 6, true)
    online = true
    sent = []
    signs.again()
    expect(seen()).toEqual([[6, true]])
  })
})

describe('looking', () => {
  const looks = () => sent.flatMap((frame) => (frame.type === 'look' ? [frame.mode] : []))

  it('is said at each change, and again on a new connection', () => {
    const signs = make()
    signs.look(C, 'viewing')
    signs.look(C, 'viewing')
    signs.look(C, 'replying')
    signs.again()
    signs.look(C, null)
    signs.again()
    expect(looks()).toEqual(['viewing', 'replying', 'replying', null])
  })
})
