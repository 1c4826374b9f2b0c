import type { CaseFile, CaseReasonChoice } from '../../core/cases.ts'
import type { FileInfo } from '../../core/types.ts'
import type { Basket } from '../../pictures/basket.ts'
import { asInfo, caseBasket } from '../../ui/case/basket.ts'
import { cases } from './case_client.ts'
import { evidenceName } from './case_draft.ts'

const made = new Map<string, Basket>()
/** What was uploaded in the conversation, until the reason says where it belongs. */
const brought = new Map<string, FileInfo[]>()

/** Files wait by kind of evidence: who changes the reason finds them again where they fit. */
function basketOf(place: string, type: string): Basket {
  const where = `case.new.${place}.${type}`
  const known = made.get(where)
  if (known) return known
  const basket = caseBasket(cases, { place: `panel.${where}`, type })
  made.set(where, basket)
  return basket
}

export const baskets = {
  restore(place: string, files: readonly CaseFile[]): void {
    brought.set(place, files.map(asInfo))
  },

  /** The baskets of a reason, by the names of its fields. */
  of(place: string, reason: CaseReasonChoice): Map<string, Basket> {
    const own = reason.evidence.map(
      ({ type }) => [evidenceName(type), basketOf(place, type)] as const,
    )
    const [first] = own
    const files = brought.get(place)
    if (first && files) {
      brought.delete(place)
      first[1].restore(files)
    }
    return new Map(own)
  },
}
