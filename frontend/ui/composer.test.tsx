import { signal } from '@preact/signals'
import { render } from 'preact'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Composer } from './composer.tsx'

function compose(text: string, more: Partial<Parameters<typeof Composer>[0]> = {}) {
  const draft = signal(text)
  const onSend = vi.fn<(text: string) => boolean | undefined>(() => true)
  render(
    <Composer
      draft={draft}
      limit={10}
      label="Message"
      sendLabel="Send"
      count={(used, limit) => `${used} of ${limit}`}
      tooLong={(limit) => `up to ${limit}`}
      onSend={onSend}
      {...more}
    />,
    document.body,
  )
  const area = document.querySelector('textarea')!
  const press = (init: KeyboardEventInit) =>
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, ...init }))
  return { draft, onSend, area, press }
}

afterEach(() => render(null, document.body))

describe('the panel: Enter sends', () => {
  it('and empties the draft', () => {
    const { draft, onSend, press } = compose(' hello ')
    press({})
    expect(onSend).toHaveBeenCalledWith('hello')
    expect(draft.value).toBe('')
  })

  it.each([
    ['Shift+Enter, a new line', { shiftKey: true }],
    ['Enter that ends a composition', { isComposing: true }],
    ['the same as Safari tells it', { keyCode: 229 }],
  ])('but not %s', (_, init) => {
    const { onSend, press } = compose('hello')
    press(init)
    expect(onSend).not.toHaveBeenCalled()
  })

  it('keeps a text that was not taken', () => {
    const { draft, press } = compose('hello', { onSend: () => false })
    press({})
    expect(draft.value).toBe('hello')
  })

  it('keeps an over-long text, says the limit, and sends nothing', () => {
    const { draft, onSend, press, area } = compose('x'.repeat(11))
    press({})
    expect(onSend).not.toHaveBeenCalled()
    expect(draft.value).toHaveLength(11)
    expect(document.querySelector('[role=status]')?.textContent).toBe('up to 10')
    expect(area.getAttribute('aria-invalid')).toBe('true')
  })
})

it('the desk: Mod+Enter sends, Enter makes a line', () => {
  const { onSend, press } = compose('hello', { modEnter: true })
  press({})
  expect(onSend).not.toHaveBeenCalled()
  press({ ctrlKey: true })
  expect(onSend).toHaveBeenCalledOnce()
})
