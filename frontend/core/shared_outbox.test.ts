import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Outbox } from './outbox.ts'
import { sharedOutbox } from './shared_outbox.ts'

const post = (client_id: string) => ({ conversation: 'c', client_id, body: client_id })
const at = '2026-03-02T10:00:00.000Z'
const ids = (outbox: Outbox) => outbox.entries.value.map(({ client_id }) => client_id)

/** Locks as browsers give them: one holder, the others in a row. */
class Locks {
  private held: Promise<void> = Promise.resolve()
  request(_: string, { signal }: { signal: AbortSignal }, run: () => Promise<void> | undefined) {
    const turn = this.held.then(() => (signal.aborted ? undefined : run()))
    this.held = turn.then(() => undefined)
    return turn
  }
}

const tab = () => new Outbox(sharedOutbox('amparo.outbox.ana', localStorage)!)
const tell = () =>
  dispatchEvent(new StorageEvent('storage', { key: null, storageArea: localStorage }))

beforeEach(() => {
  localStorage.clear()
  Object.defineProperty(navigator, 'locks', { value: new Locks(), configurable: true })
})

describe('an outbox of several tabs', () => {
  it('outlives its tab', async () => {
    const first = tab()
    first.watch(() => {})
    await vi.waitFor(() => expect(first.unsent()).toEqual([]))
    first.add(post('a'), at)
    first.stop()
    const second = tab()
    expect(ids(second)).toEqual(['a'])
    second.watch(() => {})
    await vi.waitFor(() => expect(second.unsent()).toHaveLength(1))
  })

  it('is shown in each tab, and sent by one', async () => {
    const [first, second] = [tab(), tab()]
    for (const outbox of [first, second]) outbox.watch(() => {})
    second.add(post('a'), at)
    tell()
    await vi.waitFor(() => expect(first.unsent()).toHaveLength(1))
    expect(ids(first)).toEqual(['a'])
    first.add(post('b'), at)
    tell()
    expect(ids(second)).toEqual(['a', 'b'])
    expect(second.unsent().map(({ client_id }) => client_id)).toEqual(['a'])
  })

  it('forgets in every tab what one of them took away', () => {
    const [first, second] = [tab(), tab()]
    for (const outbox of [first, second]) outbox.watch(() => {})
    first.add(post('a'), at)
    tell()
    first.remove('a')
    tell()
    expect(ids(second)).toEqual([])
  })

  it('belongs to one person', () => {
    tab().add(post('a'), at)
    expect(ids(new Outbox(sharedOutbox('amparo.outbox.olga', localStorage)!))).toEqual([])
  })

  it('lives on in the tab where the storage is full', () => {
    const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new Error('full')
    })
    const outbox = tab()
    outbox.watch(() => {})
    outbox.add(post('a'), at)
    tell()
    full.mockRestore()
    expect(ids(outbox)).toEqual(['a'])
  })
})

it('keeps the order of what was written in the same millisecond, over a reload', () => {
  const first = tab()
  for (const id of ['c', 'a', 'b']) first.add(post(id), at)
  expect(ids(tab())).toEqual(['c', 'a', 'b'])
})
