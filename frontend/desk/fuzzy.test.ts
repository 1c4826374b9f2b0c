import { describe, expect, it } from 'vitest'
import { best, score } from './fuzzy.ts'

const commands = ['Resolve', 'Resolve and take next', 'Release to the queue', 'Reply', 'Snooze']
const found = (query: string) => best(query, commands, (text) => text)

describe('finding a command', () => {
  it.each([
    ['snoo', 'Snooze'],
    ['rtn', 'Resolve and take next'],
    ['queue', 'Release to the queue'],
    ['RESOLVE', 'Resolve'],
    ['rq', 'Release to the queue'],
  ])('%j comes first to %s', (query, first) => {
    expect(found(query)[0]).toBe(first)
  })

  it('finds nothing where a letter is missing or stands before', () => {
    expect(score('xq', 'Release to the queue')).toBeNull()
    expect(score('ser', 'Resolve')).toBeNull()
  })

  it('keeps the order while nothing is typed', () => {
    expect(found('')).toEqual(commands)
  })

  it('looks past accents and case, in any script', () => {
    expect(score('nunez', 'José Núñez')).not.toBeNull()
    expect(score('зак', 'Мои ЗАКАЗЫ')).not.toBeNull()
  })

  it('a letter inside a word never hides the match further on', () => {
    expect(score('ab', 'xaxxb ab')).not.toBeNull()
    expect(score('tq', 'to queue')).not.toBeNull()
  })
})
