import { describe, expect, it } from 'vitest'
import { asked, filled, holes, named, ranked, replaced, textIn } from './macros.ts'
import type { Macro } from './thread-types.ts'

const macro = (name: string, texts: Record<string, string> = {}): Macro => ({
  ...{ id: name, key: name.toLowerCase().replaceAll(' ', '_'), name, texts, actions: [] },
  shared: true,
})

describe('the text of a macro', () => {
  const hello = macro('Hello', { en: 'Hello {buyer}', es: 'Hola {buyer}' })

  it.each([
    ['es', 'Hola {buyer}'],
    ['es-MX', 'Hola {buyer}'],
    ['ru', 'Hello {buyer}'],
  ])('for a conversation in %s', (language, text) => {
    expect(textIn(hello, language)).toBe(text)
  })

  it('is empty where the macro only does something', () => {
    expect(textIn(macro('Close'), 'en')).toBe('')
  })

  it('keeps a hole that nobody can fill in sight', () => {
    const text = filled('Hello {buyer}, about {order}: {operator}. {unknown}', {
      ...{ buyer: 'Ana', operator: 'Marta', order: null },
    })
    expect(text).toBe('Hello Ana, about {order}: Marta. {unknown}')
    expect(holes(text)).toEqual(['{order}'])
  })

  it('takes a name as it is', () => {
    expect(filled('{buyer}', { buyer: '$& {order}' })).toBe('$& {order}')
  })
})

describe('finding one', () => {
  const all = ['Parcel is late', 'Refund sent', 'Ask for photos', 'Late refund'].map((name) =>
    macro(name),
  )
  const found = (query: string) => ranked(all, query, ({ name }) => [name]).map(({ name }) => name)

  it.each([
    ['ref', ['Refund sent', 'Late refund']],
    ['late', ['Late refund', 'Parcel is late']],
    ['rfs', ['Refund sent']],
    ['PARCÉL', ['Parcel is late']],
    ['zzz', []],
  ])('by %j', (query, names) => {
    expect(found(query)).toEqual(names)
  })
})

describe('a sign before the caret', () => {
  it.each([
    ['/', '/', ''],
    ['/ref', '/', 'ref'],
    ['Hello\n/late ref', '/', 'late ref'],
    ['see @Te', '@', 'Te'],
    ['@', '@', ''],
  ] as const)('%j asks', (text, sign, query) => {
    expect(asked(text, text.length, sign)).toMatchObject({ sign, query })
  })

  it.each([
    ['https://a.example/b', '/'],
    ['1/2', '/'],
    ['ana@example.com', '@'],
    ['/one two three four', '/'],
    ['/ ', '/'],
    ['@Teo', '/'],
    ['/x\ny', '/'],
  ] as const)('%j does not ask for %s', (text, sign) => {
    expect(asked(text, text.length, sign)).toBeNull()
  })

  it('is replaced by what was chosen, and the rest stays', () => {
    const text = 'Ask @Te about it'
    const question = asked(text, 7, '@')!
    expect(replaced(text, question, '@Teo ')).toEqual(['Ask @Teo  about it', 9])
  })
})

it('names only those who are still in the text', () => {
  const teo = { id: '1', name: 'Teo' }
  expect(named('see @Teo', [teo, { id: '2', name: 'Marta' }])).toEqual([teo])
  expect(named('see Teo', [teo])).toEqual([])
})
