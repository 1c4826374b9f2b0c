import { beforeAll, describe, expect, it } from 'vitest'
import type { Row } from '../core/conversation.ts'
import { useCatalogue } from '../core/i18n.ts'
import type { AuthorParty, ConversationEvent, MessageData, StateData } from '../core/types.ts'
import english from './locales/en.json'
import { drawn, describe as inWords, unseen } from './thread-rows.ts'

const names = { buyer: 'Ana', me: 'marta' }
const marta = { id: 'marta', name: 'Marta' }
const teo = { id: 'teo', name: 'Teo' }
let last = 0

function said(at: string, party: AuthorParty, id: string, kind: MessageData['kind'] = 'text'): Row {
  const key = `m${++last}`
  const author = { id, name: id, party }
  const message = { message_id: key, client_id: key, author, kind, body: 'x', language: null }
  return { type: 'message', key, at, message, delivery: 'stored', problem: undefined }
}

type Change = Extract<Row, { type: 'change' }>
function changed(at: string, kind: 'state' | 'assigned', data: unknown): Change {
  const event = { seq: ++last, kind, at, data } as unknown as Change['event']
  return { type: 'change', key: `seq-${last}`, at, event }
}

const state = (data: Partial<StateData>) =>
  inWords(
    { seq: 1, kind: 'state', at: '', data: data as StateData } satisfies ConversationEvent,
    names,
  )

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
