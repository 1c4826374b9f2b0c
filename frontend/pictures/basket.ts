import { computed, signal } from '@preact/signals'
import { ApiProblem } from '../core/api.ts'
import { uuid4 } from '../core/ids.ts'
import type { FileInfo } from '../core/types.ts'
import type { Keeper, Kept } from './kept.ts'
import { isImage, refusal } from './kinds.ts'
import type { Parcel } from './send.ts'

export const MOST = 4

/** `cut`: the network or the server could not, and it is tried again; `refused`: never. */
export type Standing = 'sending' | 'ready' | 'cut' | 'refused'

export interface Item {
  key: string
  name: string
  blob: Blob | null
  /** An address that an image can show; null for a file that is no picture. */
  preview: string | null
  standing: Standing
  progress: number
  /** The server's own words, or the key of ours. */
  problem: string | null
  file: FileInfo | null
}

export interface BasketParts {
  /** Where it stands: a person's conversation, and a side of it. */
  place: string
  conversation: string
  send(parcel: Parcel): Promise<FileInfo>
  /** Take a picture back that was put in and not sent. */
  takeBack(file: FileInfo): Promise<unknown>
  keeper: Keeper
  /** How many there may be, and the key of the text that says so. */
  most?: number
  tooMany?: string
  preview?: (blob: Blob) => string
  later?: (run: () => void, ms: number) => void
}

type Send = (files: FileInfo[]) => boolean | undefined

const FIRST_WAIT = 2000
const LONGEST_WAIT = 30_000

/** The pictures and files that wait beside a text, on their way to the server before the text is sent. */
export class Basket {
  readonly items = signal<readonly Item[]>([])
  /** The key of a text about all of them. */
  readonly notice = signal<string | null>(null)
  readonly full = computed(() => this.items.value.length > 0)
  private readonly stops = new Map<string, AbortController>()
  private readonly tries = new Map<string, number>()
  private wish: Send | null = null

  constructor(private readonly parts: BasketParts) {
    globalThis.addEventListener?.('online', () => this.hurry())
    parts.keeper.all(parts.place).then(
      (kept) => {
        for (const one of kept) this.take(one)
      },
      () => {},
    )
  }

  /** Add what was pasted, dropped or picked; what cannot be one says why and keeps the others. */
  add(files: Iterable<File>): void {
    this.notice.value = null
    for (const file of files) {
      if (this.items.value.length >= (this.parts.most ?? MOST)) {
        this.notice.value = this.parts.tooMany ?? 'pictures.too_many'
        return
      }
      const fresh = { key: uuid4(), place: this.parts.place, name: file.name, at: Date.now() }
      this.take({ ...fresh, blob: file }, true)
    }
  }

  /** What a refused message carried comes back. */
  restore(files: readonly FileInfo[]): void {
    for (const file of files) {
      const { id, name, url, media_type } = file
      const standing = 'ready' as const
      this.push({
        ...{ key: id, name, blob: null, preview: media_type.startsWith('image/') ? url : null },
        ...{ standing, progress: 1, problem: null, file },
      })
    }
  }

  remove(key: string): void {
    const item = this.find(key)
    if (!item) return
    this.stops.get(key)?.abort()
    if (item.file) this.parts.takeBack(item.file).catch(() => {})
    this.drop([item])
    this.notice.value = null
    this.settle()
  }

  retry(key: string): void {
    if (this.find(key)?.standing === 'cut') this.start(key)
  }

  /** Send now, or as soon as every picture is there; false = the text stays where it is. */
  whenReady(send: Send): boolean | undefined {
    const items = this.items.value
    if (items.some(({ standing }) => standing === 'refused')) {
      this.notice.value = 'pictures.settle_first'
      return false
    }
    if (items.some(({ standing }) => standing !== 'ready')) {
      this.wish = send
      this.notice.value = 'pictures.will_send'
      return false
    }
    return this.leave(send)
  }

  private leave(send: Send): boolean | undefined {
    const items = this.items.value
    const taken = send(items.map(({ file }) => file!))
    if (taken !== false) {
      this.drop(items)
      this.notice.value = null
    }
    return taken
  }

  private take(kept: Kept, fresh = false): void {
    const { key, name, blob } = kept
    const problem = refusal(blob, name)
    const preview = isImage(blob) ? (this.parts.preview ?? URL.createObjectURL)(blob) : null
    const standing = problem ? 'refused' : 'sending'
    this.push({ key, name, blob, preview, standing, progress: 0, problem, file: null })
    if (problem) return
    if (fresh) this.parts.keeper.put(kept).catch(() => {})
    this.start(key)
  }

  private start(key: string): void {
    const item = this.find(key)
    if (!item?.blob) return
    const stop = new AbortController()
    this.stops.set(key, stop)
    this.change(key, { standing: 'sending', problem: null, progress: 0 })
    const progress = (share: number) => this.change(key, { progress: share })
    const { conversation } = this.parts
    const { name, blob } = item
    this.parts.send({ conversation, key, name, blob, progress, signal: stop.signal }).then(
      (file) => {
        this.change(key, { standing: 'ready', progress: 1, file })
        this.settle()
      },
      (error) => this.failed(key, error),
    )
  }

  private failed(key: string, error: unknown): void {
    const again =
      !(error instanceof ApiProblem) || error.status === 0 || [401, 429].includes(error.status)
    if (again || (error as ApiProblem).status >= 500) {
      this.change(key, { standing: 'cut', problem: 'pictures.cut' })
      const tries = this.tries.get(key) ?? 0
      this.tries.set(key, tries + 1)
      const later = this.parts.later ?? setTimeout
      later(() => this.retry(key), Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** tries))
      return
    }
    const { detail, title } = error as ApiProblem
    this.change(key, { standing: 'refused', problem: detail || title })
    this.parts.keeper.remove(key).catch(() => {})
    if (this.wish) this.notice.value = 'pictures.settle_first'
    this.wish = null
  }

  /** The last one has come: what was to be sent is sent. */
  private settle(): void {
    const { wish } = this
    if (!wish || this.items.value.some(({ standing }) => standing !== 'ready')) return
    this.wish = null
    this.leave(wish)
  }

  private hurry(): void {
    for (const { key } of this.items.value) this.retry(key)
  }

  private find(key: string): Item | undefined {
    return this.items.value.find((item) => item.key === key)
  }

  private push(item: Item): void {
    this.items.value = [...this.items.value.filter(({ key }) => key !== item.key), item]
  }

  private change(key: string, patch: Partial<Item>): void {
    this.items.value = this.items.value.map((item) =>
      item.key === key ? { ...item, ...patch } : item,
    )
  }

  private drop(gone: readonly Item[]): void {
    this.items.value = this.items.value.filter((item) => !gone.includes(item))
    for (const { key, preview } of gone) {
      if (preview?.startsWith('blob:')) URL.revokeObjectURL(preview)
      this.parts.keeper.remove(key).catch(() => {})
    }
  }
}
