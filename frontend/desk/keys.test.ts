import { describe, expect, it } from 'vitest'
import { commandFor, isField, KEYS, mod, type Press } from './keys.ts'

const free = { inField: false, inDialog: false }

function press(key: string, more: Partial<Press> = {}): Press {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : ''
  return { key, code, isComposing: false, ...none, ...more }
}

describe('single keys', () => {
  it.each(KEYS.filter(([key]) => !key.startsWith('shift+')))('%s asks for %s', (key, command) => {
    expect(commandFor(press(key), free)).toBe(command)
  })

  it.each(KEYS.map(([key]) => key.replace('shift+', '')))('%s is a letter in a field', (key) => {
    expect(commandFor(press(key), { ...free, inField: true })).toBeNull()
    expect(commandFor(press(key), { ...free, inDialog: true })).toBeNull()
  })

  it('are left alone with Ctrl, Command or Alt', () => {
    for (const held of ['ctrlKey', 'metaKey', 'altKey'] as const)
      for (const key of ['r', 'e', 't', 'n', '/'])
        expect(commandFor(press(key, { [held]: true }), free)).toBeNull()
  })

  it('do nothing while an input method composes', () => {
    expect(commandFor(press('e', { isComposing: true }), free)).toBeNull()
  })

  it('tell resolve from resolve and next by Shift', () => {
    expect(commandFor(press('e'), free)).toBe('resolve')
    expect(commandFor(press('E', { shiftKey: true }), free)).toBe('resolve_next')
    expect(commandFor(press('R', { shiftKey: true }), free)).toBeNull()
  })
})

describe('on other layouts', () => {
  it.each([
    ['о', 'KeyJ', 'next'],
    ['л', 'KeyK', 'previous'],
    ['у', 'KeyE', 'resolve'],
    ['.', 'Slash', 'filter'],
  ] as const)('Russian %s is the key %s', (key, code, command) => {
    expect(commandFor(press(key, { code }), free)).toBe(command)
  })

  it('the letter counts where it is Latin: Dvorak types j at another place', () => {
    expect(commandFor(press('j', { code: 'KeyC' }), free)).toBe('next')
  })

  it('the sign counts: a Spanish slash is Shift and seven', () => {
    expect(commandFor(press('/', { code: 'Digit7', shiftKey: true }), free)).toBe('filter')
    expect(commandFor(press(',', { code: 'Slash', shiftKey: true }), free)).toBe('help')
  })
})

it('Mod+K and Esc work in fields too', () => {
  const inField = { ...free, inField: true }
  expect(commandFor(press('k', { ctrlKey: true }), inField)).toBe('palette')
  expect(commandFor(press('k', { metaKey: true }), inField)).toBe('palette')
  expect(commandFor(press('Escape'), inField)).toBe('leave')
})

it.each([
  ['<input type="search">', true],
  ['<textarea></textarea>', true],
  ['<select></select>', true],
  ['<input type="radio">', false],
  ['<button></button>', false],
  ['<a href="/">x</a>', false],
])('%s takes text: %s', (html, takes) => {
  document.body.innerHTML = html
  expect(isField(document.body.firstElementChild)).toBe(takes)
})

it('writes shortcuts as the machine does', () => {
  expect(mod('K', 'MacIntel')).toBe('⌘K')
  expect(mod('K', 'Linux x86_64')).toBe('Ctrl+K')
})
