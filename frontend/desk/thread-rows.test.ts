import { beforeAll, describe, expect, it } from 'vitest'
import type { Row } from '../core/conversation.ts'
import { useCatalogue } from '../core/i18n.ts'
import type { AuthorParty, MessageData, StateData } from '../core/types.ts'
import { describe as inWords } from './changes.ts'
import english from './locales/en.json'
import { drawn, lastRows, reaching, unseen } from './thread-rows.ts'

const names = { buyer: 'Ana', me: 'marta' }
const marta = { id: 'marta', name: 'Marta' }
const teo = { id: 'teo', name: 'Teo' }
let last = 0

function said(at: string, party: AuthorParty, id: string, kind: MessageData['kind'] = 'text'): Row {
  const key = `m${++last}`
  const author = { id, name: id, party }
  const message = { message_id: key, client_id: key, author, kind, body: 'x', language: null }
  return {
    ...{ type: 'message', key, at, seq: last, message, delivery: 'stored' },
    ...{ problem: undefined, held: undefined, quoted: undefined },
  }
}

type Change = Extract<Row, { type: 'change' }>
function changed(at: string, kind: 'state' | 'assigned', data: unknown): Change {
  const event = { seq: ++last, kind, at, data } as unknown as Change['event']
  return { type: 'change', key: `seq-${last}`, at, event }
}

const words = (kind: string, data: unknown, tags: string[] = []) =>
  inWords({ seq: 1, kind, at: '', data } as unknown as Change['event'], names, tags)
const state = (data: Partial<StateData>) => words('state', data)

beforeAll(() => useCatalogue('en', english))

describe('a thread', () => {
  it('has a line where a day begins', () => {
    const rows = [
      said('2026-03-02T10:00:00Z', 'buyer', 'ana'),
      said('2026-03-02T10:01:00Z', 'buyer', 'ana'),
      said('2026-03-04T10:00:00Z', 'buyer', 'ana'),
    ]
    expect(drawn(rows, names).map(({ type }) => type)).toEqual([
      'day',
      'message',
      'message',
      'day',
      'message',
    ])
  })

  it('names the author once, until somebody else speaks or time has passed', () => {
    const rows = [
      said('2026-03-02T10:00:00Z', 'buyer', 'ana'),
      said('2026-03-02T10:01:00Z', 'buyer', 'ana'),
      said('2026-03-02T10:20:00Z', 'buyer', 'ana'),
      said('2026-03-02T10:20:30Z', 'staff', 'marta'),
    ]
    const firsts = drawn(rows, names).flatMap((row) => (row.type === 'message' ? [row.first] : []))
    expect(firsts).toEqual([true, false, true, true])
  })

  it('never runs a note together with the reply before it', () => {
    const rows = [
      said('2026-03-02T10:00:00Z', 'staff', 'marta'),
      said('2026-03-02T10:00:10Z', 'staff', 'marta', 'note'),
      said('2026-03-02T10:00:20Z', 'staff', 'marta'),
    ]
    const firsts = drawn(rows, names).flatMap((row) => (row.type === 'message' ? [row.first] : []))
    expect(firsts).toEqual([true, true, true])
  })

  it('says once that somebody took it, though two events do', () => {
    const at = '2026-03-02T10:00:00Z'
    const rows = [
      changed(at, 'assigned', { operator: teo }),
      changed(at, 'state', { from: 'waiting', to: 'assigned', reason: null, operator: teo }),
    ]
    const texts = drawn(rows, names).flatMap((row) => (row.type === 'change' ? [row.text] : []))
    expect(texts).toEqual(['Teo took the conversation'])
  })
})

describe('changes in words', () => {
  it.each([
    [{ from: 'bot', to: 'waiting' }, 'Ana asked for a person'],
    [{ from: 'assigned', to: 'waiting' }, 'Back in the queue'],
    [{ from: 'resolved', to: 'waiting' }, 'Ana wrote again: reopened'],
    [{ from: 'waiting', to: 'assigned', operator: marta }, 'You took the conversation'],
    [{ from: 'assigned', to: 'resolved', operator: marta }, 'Resolved by Marta'],
    [{ from: 'bot', to: 'resolved', reason: 'by_buyer' }, 'Ana says it is settled'],
    [{ from: 'waiting', to: 'deferred', reason: 'asked' }, 'Ana asked for an answer later'],
  ] as const)('%j: %s', (data, text) => {
    expect(state(data)).toBe(text)
  })

  it('say nothing about how it began', () => {
    expect(state({ from: null, to: 'bot' })).toBeNull()
  })
})

it('counts what came below for somebody who reads further up', () => {
  const rows = drawn(
    [
      said('2026-03-02T10:00:00Z', 'buyer', 'ana'),
      said('2026-03-02T10:00:10Z', 'staff', 'marta'),
      said('2026-03-02T10:00:20Z', 'buyer', 'ana'),
    ],
    names,
  )
  expect(unseen(rows, rows[1]!.key, 'marta')).toBe(1)
  expect(unseen(rows, null, 'marta')).toBe(0)
})

describe('what is new', () => {
  const rows = [
    said('2026-03-02T10:00:00Z', 'buyer', 'ana'),
    said('2026-03-02T10:00:10Z', 'staff', 'marta'),
    said('2026-03-02T10:00:20Z', 'buyer', 'ana'),
    said('2026-03-02T10:00:30Z', 'buyer', 'ana'),
  ]
  const seq = (at: number) => (rows[at] as { seq: number }).seq
  const types = (since: number | null) => drawn(rows, names, since).map(({ type }) => type)

  it('has a line above the first word of somebody else', () => {
    expect(types(seq(0))).toEqual(['day', 'message', 'message', 'since', 'message', 'message'])
  })

  it('has none where nothing is new, or where nobody has looked before', () => {
    expect(types(seq(3))).not.toContain('since')
    expect(types(null)).not.toContain('since')
  })
})

it('leaves a reply that waits for a decision to the composer', () => {
  const refused = said('2026-03-02T10:00:00Z', 'staff', 'marta')
  const problem = { status: 409, code: 'answered_meanwhile', title: '', detail: null }
  expect(drawn([{ ...refused, delivery: 'failed', problem } as Row], names)).toEqual([])
})

describe('a long thread', () => {
  const rows = drawn(
    Array.from({ length: 30 }, () => said('2026-03-02T10:00:00Z', 'buyer', 'ana')),
    names,
  )

  it('is drawn from its end, and its first row says who speaks', () => {
    const [first, ...others] = lastRows(rows, 10)
    expect(others).toHaveLength(9)
    expect(first).toMatchObject({ type: 'message', first: true })
    expect(lastRows(rows, 100)).toBe(rows)
  })

  it('is drawn as far as a number asks for', () => {
    const wanted = rows[5]!
    const seq = wanted.type === 'message' ? wanted.row.seq! : 0
    const shown = lastRows(rows, reaching(rows, seq)!)
    expect(shown.map(({ key }) => key)).toContain(wanted.key)
    expect(reaching(rows, 10 ** 9)).toBeNull()
  })
})

describe('what happened, in plain words', () => {
  it.each([
    ['tags', { tags: ['late', 'refund'], by: teo }, ['late'], 'Tag added: refund · Teo'],
    ['tags', { tags: [], by: marta }, ['late'], 'Tag removed: late · you'],
    ['tags', { tags: ['b'], by: null }, ['a'], 'Tags added: b; removed: a · Amparo'],
    ['tags', { tags: ['a'], by: teo }, ['a'], null],
    ['priority', { priority: 1, by: teo }, [], 'Priority: Urgent · Teo'],
    [
      'rated',
      { score: 4, reason: 'quick', comment: null },
      [],
      'Ana rated the help 4 of 5 · quick',
    ],
    ['rated', { score: 1, reason: null, comment: null }, [], 'Ana rated the help 1 of 5'],
    ['transferred', { from: {}, to: { operator: teo }, by: marta }, [], 'Passed to Teo · you'],
    ['transferred', { from: {}, to: { operator: marta }, by: teo }, [], 'Passed to you · Teo'],
    [
      'transferred',
      { from: {}, to: { team: 'returns' }, by: teo },
      [],
      'Passed to the team returns · Teo',
    ],
    ['merged', { into: 'c2', from: null, by: teo }, [], 'Goes on in another conversation · Teo'],
    [
      'split',
      { into: null, from: 'c1', by: teo },
      [],
      'Taken out of another conversation of the buyer · Teo',
    ],
  ])('%s %j: %s', (kind, data, tags, text) => {
    expect(words(kind, data, tags)).toBe(text)
  })

  it('says until when it is snoozed', () => {
    expect(state({ from: 'assigned', to: 'snoozed', until: '2026-03-03T09:00:00Z' })).toMatch(
      /^Snoozed until .*2026/,
    )
    expect(state({ from: 'snoozed', to: 'assigned' })).toBe('No longer snoozed')
  })

  it('keeps what was written with it, and where the other conversation is', () => {
    const at = '2026-03-02T10:00:00Z'
    const rows = [
      { ...changed(at, 'state', {}), event: event('rated', { score: 5, comment: 'Thank you' }) },
      { ...changed(at, 'state', {}), event: event('merged', { into: 'c2', from: null, by: null }) },
    ] as Row[]
    expect(drawn(rows, names).slice(1)).toMatchObject([{ words: 'Thank you' }, { other: 'c2' }])
  })
})

const event = (kind: string, data: unknown) => ({ seq: ++last, kind, at: '', data })
