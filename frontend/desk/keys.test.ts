import { describe, expect, it } from 'vitest'
import { commandFor, DEFAULT_KEYS, hear, isField, mod, type Press, shown } from './keys.ts'

const KEYS = Object.entries(DEFAULT_KEYS) as [string, string][]
const SINGLE = KEYS.filter(([, key]) => !key.includes(' '))

const free = { inField: false, inDialog: false }

function press(key: string, more: Partial<Press> = {}): Press {
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
  const code = /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : ''
  return { key, code, isComposing: false, ...none, ...more }
}

describe('single keys', () => {
  it.each(SINGLE)('%s is asked for by %s', (command, key) => {
    const shiftKey = key.startsWith('shift+')
    const name = shiftKey ? key.slice(6).toUpperCase() : key
    expect(commandFor(press(name, { shiftKey }), free)).toBe(command)
  })

  it.each(SINGLE)('of %s, %s, is a letter in a field', (_, key) => {
    const name = key.replace('shift+', '')
    expect(commandFor(press(name), { ...free, inField: true })).toBeNull()
    expect(commandFor(press(name), { ...free, inDialog: true })).toBeNull()
  })

  it('are no two of them the same', () => {
    const keys = KEYS.map(([, key]) => key)
    expect(new Set(keys).size).toBe(keys.length)
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
    ['.', 'Slash', 'search'],
  ] as const)('Russian %s is the key %s', (key, code, command) => {
    expect(commandFor(press(key, { code }), free)).toBe(command)
  })

  it('the letter counts where it is Latin: Dvorak types j at another place', () => {
    expect(commandFor(press('j', { code: 'KeyC' }), free)).toBe('next')
  })

  it('the sign counts: a Spanish slash is Shift and seven', () => {
    expect(commandFor(press('/', { code: 'Digit7', shiftKey: true }), free)).toBe('search')
    expect(commandFor(press(',', { code: 'Slash', shiftKey: true }), free)).toBe('help')
  })
})

describe('two keys after each other', () => {
  it('g and w is one command, g alone is none yet', () => {
    const first = hear(press('g'), free)
    expect(first).toEqual({ command: null, begun: 'g' })
    expect(hear(press('w'), free, DEFAULT_KEYS, first.begun).command).toBe('go_waiting')
  })

  it('a key that does not belong to it means what it always means', () => {
    expect(hear(press('j'), free, DEFAULT_KEYS, 'g')).toEqual({ command: 'next', begun: null })
    expect(hear(press('q'), free, DEFAULT_KEYS, 'g')).toEqual({ command: null, begun: null })
  })

  it('works on a Russian layout', () => {
    const first = hear(press('п', { code: 'KeyG' }), free)
    expect(hear(press('ц', { code: 'KeyW' }), free, DEFAULT_KEYS, first.begun).command).toBe(
      'go_waiting',
    )
  })
})

it('writes keys as they stand on the keyboard', () => {
  expect(['e', 'shift+e', 'g w', '/'].map(shown)).toEqual(['E', '⇧E', 'G W', '/'])
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
