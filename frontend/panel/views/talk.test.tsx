import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { MessageRow, Row } from '../../core/conversation.ts'
import { useCatalogue } from '../../core/i18n.ts'
import type { Author } from '../../core/types.ts'
import english from '../locales/en.json'
import { Log } from './log.tsx'
import { range } from './queue.tsx'
import { mayDelete, mayEdit, quoteOf } from './talk.ts'

const ana: Author = { id: 'ana', name: 'Ana', party: 'buyer' }
const marta: Author = { id: 'marta', name: 'Marta', party: 'staff' }
const at = '2026-03-02T10:00:00Z'
const MINUTE = 60_000

function said(seq: number, author = ana, more: Partial<MessageRow['message']> = {}): MessageRow {
  const id = `m${seq}`
  const message = { message_id: id, client_id: id, author, kind: 'text' as const, body: id }
  return {
    ...{ type: 'message', key: id, at, seq, delivery: 'stored' },
    message: { ...message, language: null, ...more },
    ...{ problem: undefined, held: undefined, quoted: undefined },
  }
}

beforeAll(() => useCatalogue('en', english))

describe("one's own message", () => {
  const now = Date.parse(at) + 14 * MINUTE

  it('may be changed for a quarter of an hour, while the conversation is open', () => {
    expect(mayEdit(said(1), ana, 'assigned', now)).toBe(true)
    expect(mayEdit(said(1), ana, 'assigned', now + 2 * MINUTE)).toBe(false)
    expect(mayEdit(said(1), ana, 'resolved', now)).toBe(false)
  })

  it('is not changed where its words are not its own, or it is gone', () => {
    expect(mayEdit(said(1, marta), ana, 'assigned', now)).toBe(false)
    expect(mayEdit(said(1, ana, { body: '' }), ana, 'assigned', now)).toBe(false)
    expect(mayEdit(said(1, ana, { extra: { request: {} } }), ana, 'assigned', now)).toBe(false)
    expect(mayEdit({ ...said(1), seq: null }, ana, 'assigned', now)).toBe(false)
    expect(mayEdit(said(1, ana, { deleted: { at, by: null } }), ana, 'assigned', now)).toBe(false)
  })

  it('may be taken back at any time, by whoever wrote it', () => {
    expect(mayDelete(said(1), ana)).toBe(true)
    expect(mayDelete(said(1, marta), ana)).toBe(false)
  })
})

it('quotes so much that one knows what is meant', () => {
  expect(quoteOf(said(1, marta, { body: 'x'.repeat(500) })).excerpt).toHaveLength(140)
  const file = { id: 'f', name: 'bill.pdf', media_type: '', width: 0, height: 0, bytes: 1, url: '' }
  const picture = said(1, marta, { body: '', extra: { files: [{ ...file, kind: 'file' }] } })
  expect(quoteOf(picture).excerpt).toBe('bill.pdf')
})

it.each([
  [240, 540, 'Wait: about 4–9 min'],
  [250, 500, 'Wait: about 4–9 min'],
  [10, 50, 'Wait: less than a minute'],
  [20, 100, 'Wait: about 1–2 min'],
  [120, 120, 'Wait: about 2 min'],
  [2.2 * 3600, 3.5 * 3600, 'Wait: about 2–4 h'],
  [null, null, 'We cannot say yet how long it will take.'],
])('says a wait of %s to %s seconds as a range', (wait_low_s, wait_high_s, text) => {
  expect(range({ wait_low_s, wait_high_s })).toBe(text)
})

describe('a long conversation', () => {
  const home = document.createElement('div')
  const rows: Row[] = Array.from({ length: 2000 }, (_, index) => said(index + 1))
  const drawn = () =>
    [...home.querySelectorAll('.message')].map((one) => one.id || one.getAttribute('data-message'))
  const draw = (list: Row[], whole = true) =>
    act(() => render(<Log id="c" rows={list} me={ana} state="assigned" whole={whole} />, home))
  afterEach(() => act(() => render(null, home)))

  it('is drawn from near its end, and grows only there', async () => {
    await draw(rows.slice(0, 700), false)
    await draw(rows)
    expect([drawn().length, drawn().at(-1)]).toEqual([120, 'm2000'])
    await draw([...rows, said(2001)])
    expect([drawn()[0], drawn().at(-1)]).toEqual(['m1881', 'm2001'])
  })

  it('shows what was before when it is asked for', async () => {
    await draw(rows)
    const earlier = [...home.querySelectorAll('button')].find((one) =>
      one.textContent?.includes('1,880 earlier messages'),
    )
    await act(() => earlier?.click())
    expect([drawn().length, drawn()[0]]).toEqual([240, 'm1761'])
  })
})
