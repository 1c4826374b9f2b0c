import type { Cases } from '../../core/cases.ts'
import { Basket, type Item } from '../../pictures/basket.ts'
import { keeper } from '../../pictures/kept.ts'
import { asInfo } from './files.tsx'
import '../../pictures/texts.ts'

export { asInfo }

export const MOST_FILES = 10

export interface CaseBasketParts {
  /** Where it stands: a form of a person, and a field of it. It keeps its files over a reload. */
  place: string
  /** The type of evidence. */
  type?: string | null
  case?: string | null
  most?: number | null
}

/** Files of a case that are on their way to the server while somebody still writes. */
export function caseBasket(client: Cases, parts: CaseBasketParts): Basket {
  return new Basket({
    place: parts.place,
    conversation: '',
    keeper,
    most: parts.most ?? MOST_FILES,
    tooMany: 'case.form.too_many_files',
    async send({ key, name, blob, progress, signal }) {
      const about = { type: parts.type ?? null, case: parts.case ?? null }
      return asInfo(await client.upload({ key, name, blob, progress, signal, ...about }))
    },
    // Nothing refers to it: the server forgets it by itself.
    takeBack: async () => {},
  })
}

/** Ids of the files that are there. */
export function idsOf(items: readonly Item[]): string[] {
  return items.flatMap(({ file }) => (file ? [file.id] : []))
}

/** What keeps a form from being sent: files on their way, or ones that cannot be taken. */
export function standing(baskets: readonly Basket[]): 'ready' | 'sending' | 'refused' {
  const all = baskets.flatMap(({ items }) => [...items.value])
  if (all.some((item) => item.standing === 'refused')) return 'refused'
  return all.some((item) => item.standing !== 'ready') ? 'sending' : 'ready'
}

/** They were sent: the form is empty again. */
export function empty(baskets: readonly Basket[]): void {
  for (const basket of baskets) basket.whenReady(() => true)
}
