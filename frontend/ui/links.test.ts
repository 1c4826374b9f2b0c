import { describe, expect, it } from 'vitest'
import { pieces } from './links.ts'

const found = (text: string) =>
  pieces(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.href]))
const joined = (text: string) =>
  pieces(text)
    .map((piece) => (typeof piece === 'string' ? piece : piece.text))
    .join('')

describe('addresses in a text', () => {
  it.each([
    ['See https://example.com.', ['https://example.com/']],
    ['(https://example.com/a_(b))', ['https://example.com/a_(b)']],
    ['HTTP://EXAMPLE.com/X?y=1&z=2#q, and', ['http://example.com/X?y=1&z=2#q']],
    ['write mailto:help@example.com', ['mailto:help@example.com']],
    ['https://a.example https://b.example!', ['https://a.example/', 'https://b.example/']],
    ['«https://пример.рф»', ['https://xn--e1afmkfd.xn--p1ai/']],
  ])('are found in %s', (text, hrefs) => expect(found(text)).toEqual(hrefs))

  it.each([
    'javascript:alert(1)',
    'data:text/html,hello',
    'ftp://example.com',
    'https://good.example@evil.example/',
    'https://•••.example/••• and http://a•••',
    'mailto:nobody',
    'mailto:a@b?subject=x&bcc=c@d https://',
    'example.com',
  ])('are not made of %s', (text) =>
    expect(found(text).filter((href) => href !== 'mailto:a@b')).toEqual([]),
  )

  it('show the real host where the written one hides it', () => {
    const [piece] = pieces('https://аpple.com/sign-in')
    expect(piece).toMatchObject({ host: 'xn--pple-43d.com' })
    expect(pieces('https://Apple.com/')[0]).toMatchObject({ host: null })
  })

  it('change nothing of what was written', () => {
    for (const text of ['', 'a\n\n https://x.example/, (https://y.example). ', 'https://', '•••'])
      expect(joined(text)).toBe(text)
  })

  it('are found fast in a text made to be slow', () => {
    const text = `https://${'()'.repeat(20_000)}${'.'.repeat(20_000)}`.slice(0, 40_000)
    expect(joined(text)).toBe(text)
  })
})
