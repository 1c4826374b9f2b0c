import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

const ORIGIN = 'https://help.example.com'

interface Api {
  identify(token: unknown): void
  open(context?: object): void
  close(): void
  on(name: string, handler: (value?: unknown) => void): void
  q?: unknown[]
}
const site = window as unknown as { Amparo?: Api }

/** Run the loader as the page's script tag would. */
async function load(data: Record<string, string> = {}): Promise<ShadowRoot> {
  const script = document.createElement('script')
  Object.defineProperty(script, 'src', { value: `${ORIGIN}/widget.js` })
  Object.assign(script.dataset, { site: 'pk_test', ...data })
  Object.defineProperty(document, 'currentScript', { configurable: true, value: script })
  vi.resetModules()
  await import('./widget.ts')
  return document.querySelector('section')!.shadowRoot!
}

/** The panel's side of the hand-shake; messages of the loader are collected. */
function answer(root: ShadowRoot) {
  const frame = root.querySelector('iframe')!
  const heard: { type: string }[] = []
  const posted: unknown[][] = []
  let port: MessagePort | undefined
  Object.defineProperty(frame, 'contentWindow', {
    configurable: true,
    value: {
      postMessage: (...values: unknown[]) => {
        posted.push(values)
        port = (values[2] as MessagePort[])[0]!
        port.onmessage = ({ data }) => heard.push(data)
      },
    },
  })
  frame.onload?.(new Event('load'))
  return { frame, heard, posted, say: (message: object) => port!.postMessage(message) }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20))

beforeEach(() => {
  document.body.replaceChildren()
  document.documentElement.lang = 'en'
  sessionStorage.clear()
  delete site.Amparo
})
afterEach(() => vi.useRealTimers())

describe('the help button', () => {
  it.each([
    ['en', {}, 'Need help?'],
    ['es-MX', {}, '¿Necesitas ayuda?'],
    ['fi', {}, 'Need help?'],
    ['en', { lang: 'ru' }, 'Нужна помощь?'],
  ])('speaks the language of the page: %s %j', async (lang, data, label) => {
    document.documentElement.lang = lang
    const root = await load(data)
    expect(root.querySelector('button')?.textContent).toBe(label)
  })

  it('loads nothing else until somebody shows intent', async () => {
    const root = await load()
    expect(root.querySelector('iframe')).toBeNull()
    root.querySelector('button')!.dispatchEvent(new Event('pointerenter'))
    const frame = root.querySelector('iframe')!
    expect(frame.hidden).toBe(true)
    expect(frame.getAttribute('src')).toBe(`${ORIGIN}/panel/?site=pk_test&lang=en`)
    expect(frame.title).toBe('Need help?')
  })

  it('opens, and Esc closes and gives the focus back', async () => {
    const root = await load()
    const button = root.querySelector('button')!
    button.click()
    expect(root.querySelector('iframe')?.hidden).toBe(false)
    const focus = vi.spyOn(button, 'focus')
    dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
    expect(root.querySelector('iframe')?.hidden).toBe(true)
    expect(focus).toHaveBeenCalled()
  })

  it('becomes a link to the help centre when the panel does not answer', async () => {
    const root = await load()
    vi.useFakeTimers()
    root.querySelector('button')!.click()
    vi.advanceTimersByTime(8000)
    expect(root.querySelector('a')?.getAttribute('href')).toBe(`${ORIGIN}/help/en/`)
  })
})

describe('the hand-shake', () => {
  it('names the origin it speaks to, never "*", and sends no token before the welcome', async () => {
    const root = await load()
    site.Amparo!.identify(() => 'signed')
    site.Amparo!.open({ order: 'A-1' })
    const { posted, heard, say } = answer(root)
    expect(posted[0]?.[1]).toBe(ORIGIN)
    expect(posted[0]?.[0]).toMatchObject({ amparo: 'hello', v: 1, identify: true })
    await settle()
    expect(heard).toEqual([])
    say({ type: 'welcome' })
    await settle()
    expect(heard).toContainEqual({ type: 'identify', token: 'signed' })
    expect(heard).toContainEqual(expect.objectContaining({ type: 'open', order: 'A-1' }))
  })

  it('asks a function again for each token, and gives a plain token only once', async () => {
    const root = await load()
    site.Amparo!.identify('only-once')
    site.Amparo!.open()
    const { heard, say } = answer(root)
    say({ type: 'welcome' })
    await settle()
    say({ type: 'need-token' })
    await settle()
    const tokens = heard.filter(({ type }) => type === 'identify')
    expect(tokens).toEqual([
      { type: 'identify', token: 'only-once' },
      { type: 'identify', token: null },
    ])
  })

  it('shows what is unread, and tells the site', async () => {
    const root = await load()
    const unread = vi.fn()
    site.Amparo!.on('unread', unread)
    site.Amparo!.open()
    const { say } = answer(root)
    say({ type: 'welcome' })
    say({ type: 'unread', n: 2, live: true })
    await settle()
    expect(root.querySelector('b')?.textContent).toBe('2')
    expect(unread).toHaveBeenCalledWith(2)
  })
})

it('takes up what the page asked for before it was loaded', async () => {
  site.Amparo = { q: [['open', { topic: 'orders' }]] } as unknown as Api
  const root = await load()
  expect(root.querySelector('iframe')?.hidden).toBe(false)
})
