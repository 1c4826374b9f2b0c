import { describe, expect, it, vi } from 'vitest'
import { ApiProblem } from '../core/api.ts'
import type { FileInfo } from '../core/types.ts'
import { Basket, type BasketParts } from './basket.ts'
import type { Keeper, Kept } from './kept.ts'
import { MOST_FILE_BYTES, MOST_IMAGE_BYTES } from './kinds.ts'
import type { Parcel } from './send.ts'

const tick = () => new Promise((resolve) => setTimeout(resolve))

const info = (id: string): FileInfo => ({
  ...{ id, name: id, media_type: 'image/webp', width: 1, height: 1, bytes: 1 },
  url: `/api/v1/conversations/c/files/${id}`,
})

/** A server whose answers a test gives, one upload after the other. */
function server() {
  const waiting: { parcel: Parcel; yes(): void; no(error: unknown): void }[] = []
  const send = (parcel: Parcel) =>
    new Promise<FileInfo>((resolve, reject) => {
      waiting.push({ parcel, yes: () => resolve(info(parcel.key)), no: reject })
    })
  return { waiting, send }
}

function shelf(kept: Kept[] = []): Keeper & { kept: Map<string, Kept> } {
  const all = new Map(kept.map((one) => [one.key, one]))
  return {
    kept: all,
    all: async (place) => [...all.values()].filter((one) => one.place === place),
    put: async (one) => void all.set(one.key, one),
    remove: async (key) => void all.delete(key),
  }
}

function basket(parts: Partial<BasketParts> = {}) {
  const { waiting, send } = server()
  const later: (() => void)[] = []
  const takeBack = vi.fn(async () => {})
  const keeper = shelf()
  const own = new Basket({
    ...{ place: 'p', conversation: 'c', send, takeBack, keeper, preview: () => 'data:,' },
    later: (run) => later.push(run),
    ...parts,
  })
  return { own, waiting, later, takeBack, keeper }
}

const picture = (name = 'bank.png', type = 'image/png') => new File(['x'], name, { type })

describe('pictures that wait beside a text', () => {
  it('are sent with it when they are there', async () => {
    const { own, waiting } = basket()
    own.add([picture()])
    waiting[0]!.yes()
    await tick()
    const sent: FileInfo[][] = []
    expect(own.whenReady((files) => sent.push(files) > 0)).toBe(true)
    expect(sent.map((files) => files.map(({ id }) => id))).toEqual([[waiting[0]!.parcel.key]])
    expect(own.items.value).toEqual([])
  })

  it('hold the text back until they are there, and then it leaves by itself, once', async () => {
    const { own, waiting } = basket()
    own.add([picture(), picture()])
    const send = vi.fn(() => true)
    expect(own.whenReady(send)).toBe(false)
    expect(own.notice.value).toBe('pictures.will_send')
    waiting[0]!.yes()
    await tick()
    expect(send).not.toHaveBeenCalled()
    waiting[1]!.yes()
    await tick()
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('are tried again under the same id when the network is cut', async () => {
    const { own, waiting, later } = basket()
    own.add([picture()])
    waiting[0]!.no(new ApiProblem(0, 'offline', 'offline'))
    await tick()
    expect(own.items.value[0]).toMatchObject({ standing: 'cut', problem: 'pictures.cut' })
    later[0]!()
    expect(waiting[1]!.parcel.key).toBe(waiting[0]!.parcel.key)
    waiting[1]!.yes()
    await tick()
    expect(own.items.value[0]?.standing).toBe('ready')
  })

  it.each([429, 500, 503])('are tried again after %i', async (status) => {
    const { own, waiting } = basket()
    own.add([picture()])
    waiting[0]!.no(new ApiProblem(status, 'x', 'x'))
    await tick()
    expect(own.items.value[0]?.standing).toBe('cut')
  })

  it('that the server refuses say why in its words, and the text stays', async () => {
    const { own, waiting, keeper } = basket()
    own.add([picture('drawing.png')])
    waiting[0]!.no(new ApiProblem(422, 'file_not_an_image', 'No', 'Only pictures.'))
    await tick()
    expect(own.items.value[0]).toMatchObject({ standing: 'refused', problem: 'Only pictures.' })
    const send = vi.fn(() => true)
    expect(own.whenReady(send)).toBe(false)
    expect(own.notice.value).toBe('pictures.settle_first')
    expect([send.mock.calls.length, keeper.kept.size]).toEqual([0, 0])
    own.remove(own.items.value[0]!.key)
    expect(own.items.value).toEqual([])
  })

  it.each([
    [picture('a.svg', 'image/svg+xml'), 'pictures.not_allowed'],
    [picture('a.docm', ''), 'pictures.not_allowed'],
    [new File([], 'a.pdf'), 'pictures.empty'],
    [
      new File([new Uint8Array(MOST_IMAGE_BYTES + 1)], 'a.png', { type: 'image/png' }),
      'pictures.too_large',
    ],
    [new File([new Uint8Array(MOST_FILE_BYTES + 1)], 'a.pdf'), 'pictures.file_too_large'],
  ])('that cannot be taken are not even sent: %#', (file, problem) => {
    const { own, waiting } = basket()
    own.add([file])
    expect(own.items.value[0]).toMatchObject({ standing: 'refused', problem })
    expect(waiting).toEqual([])
  })

  it.each(['bill.PDF', 'list.csv', 'text.docx'])(
    'may be a file like %s, without a preview',
    (name) => {
      const { own, waiting } = basket()
      own.add([new File(['x'], name)])
      expect(own.items.value[0]).toMatchObject({ standing: 'sending', preview: null })
      expect(waiting[0]?.parcel.name).toBe(name)
    },
  )

  it('are four at most; the fifth is said', () => {
    const { own } = basket()
    own.add([1, 2, 3, 4, 5].map(() => picture()))
    expect([own.items.value.length, own.notice.value]).toEqual([4, 'pictures.too_many'])
  })

  it('that are removed are taken back from the server', async () => {
    const { own, waiting, takeBack } = basket()
    own.add([picture(), picture()])
    waiting[0]!.yes()
    await tick()
    const [there, onItsWay] = own.items.value
    own.remove(there!.key)
    own.remove(onItsWay!.key)
    expect(takeBack).toHaveBeenCalledTimes(1)
    expect(waiting[1]!.parcel.signal.aborted).toBe(true)
  })

  it('survive a reload under the same id', async () => {
    const keeper = shelf()
    const first = basket({ keeper })
    first.own.add([picture()])
    await tick()
    const again = basket({ keeper })
    await tick()
    expect(again.waiting[0]!.parcel.key).toBe(first.waiting[0]!.parcel.key)
    const elsewhere = basket({ keeper, place: 'other' })
    await tick()
    expect(elsewhere.own.items.value).toEqual([])
  })

  it('come back with a refused message, and are not put in again', () => {
    const { own, waiting } = basket()
    own.restore([info('1')])
    expect(waiting).toEqual([])
    expect(own.whenReady((files) => files[0]!.id === '1')).toBe(true)
  })
})
