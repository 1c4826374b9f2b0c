import { describe, expect, it } from 'vitest'
import { pseudo } from '../build/pseudo.ts'
import { format, parse, print } from './icu.ts'

const say = (text: string, params = {}, language = 'en') => format(parse(text), params, language)

describe('texts with parameters', () => {
  it.each([
    ['Hello, {name}.', { name: 'Olga' }, 'en', 'Hello, Olga.'],
    ['{n} of {limit}', { n: 1234, limit: 4000 }, 'en', '1,234 of 4,000'],
    ['{n} of {limit}', { n: 1234.5, limit: 1 }, 'es', '1234,5 of 1'],
    ['It’s fine, don’t', {}, 'en', 'It’s fine, don’t'],
    ["It's '{'literal'}'", {}, 'en', "It's {literal}"],
    ['Hello, {name}', {}, 'en', 'Hello, {name}'],
  ])('%s', (text, params, language, expected) => {
    expect(say(text, params, language)).toBe(expected)
  })
})

describe('plurals follow the language, not English', () => {
  const russian = '{n, plural, one {# вопрос} few {# вопроса} many {# вопросов} other {# вопроса}}'
  it.each([
    [1, '1 вопрос'],
    [2, '2 вопроса'],
    [5, '5 вопросов'],
    [11, '11 вопросов'],
    [21, '21 вопрос'],
    [112, '112 вопросов'],
    [1.5, '1,5 вопроса'],
  ])('%d in Russian', (n, expected) => {
    expect(say(russian, { n }, 'ru')).toBe(expected)
  })

  it('prefers an exact number', () => {
    const text = '{n, plural, =0 {nobody} one {# person} other {# people}}'
    expect([0, 1, 7].map((n) => say(text, { n }))).toEqual(['nobody', '1 person', '7 people'])
  })

  it('selects, and nests', () => {
    const text = '{who, select, me {I wrote {n, plural, one {# line} other {# lines}}} other {?}}'
    expect(say(text, { who: 'me', n: 2 })).toBe('I wrote 2 lines')
    expect(say(text, { who: 'you', n: 2 })).toBe('?')
  })
})

describe('what a catalogue may not contain', () => {
  it.each(['{n, plural, one {#}}', '{open', '}', '{n, plural, other {x}', '{a b}'])(
    '%s',
    (text) => {
      expect(() => parse(text)).toThrow(SyntaxError)
    },
  )
})

describe('the pseudo-language', () => {
  it('turns every text, keeps every parameter and every case', () => {
    const texts = { a: 'Hi {name}', b: '{n, plural, one {# day} other {# days}}' }
    const turned = pseudo(texts)
    expect(say(turned.a!, { name: 'Ana' })).toBe('\u202eHi \u202cAna')
    expect(say(turned.b!, { n: 2 })).toBe('2\u202e days\u202c')
  })

  it('prints what it parsed', () => {
    const text = "{x, select, a {'{'b'}' #} other {{n, plural, =1 {one #} other {#}}}}"
    expect(parse(print(parse(text)))).toEqual(parse(text))
  })
})
