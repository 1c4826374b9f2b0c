import { describe, expect, it } from 'vitest'
import { type Place, parse, path } from './routes.ts'

describe('addresses', () => {
  it.each<Place>([
    { list: 'open', order: 'due', id: null },
    { list: 'closed', order: 'newest', id: null },
    { list: 'open', order: 'newest', id: '0199-1' },
    { list: 'closed', order: 'due', id: 'a b/c' },
  ])('name a place and are read back: %o', (place) => {
    expect(parse(path(place))).toEqual(place)
  })

  it.each(['/seller', '/seller/', '/seller/cases', '/seller/nothing/1', '/seller/?list=x&order=y'])(
    'that mean nothing are the start: %s',
    (address) => {
      expect(parse(address)).toEqual({ list: 'open', order: 'due', id: null })
    },
  )

  it('survive what no address is made of', () => {
    expect(parse('/seller/cases/%E0%A4%A').id).toBe('%E0%A4%A')
  })
})
