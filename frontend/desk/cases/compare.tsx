import type { Case } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Evidence } from '../../ui/case/evidence.tsx'
import { Snapshot } from '../../ui/case/snapshot.tsx'

/** What each side shows, with the listing as it was ordered between them. */
export function Compare({ item }: { item: Case }) {
  const own = item.evidence.some(({ party }) => party === 'staff')
  return (
    <section class="desk-compare" aria-label={t('desk.cases.compare')}>
      <div class="of-buyer">
        <Evidence item={item} party="buyer" />
      </div>
      <div class="of-listing">
        <Snapshot item={item} open />
      </div>
      <div class="of-seller">
        <Evidence item={item} party="seller" />
      </div>
      {own && (
        <div class="of-staff">
          <Evidence item={item} party="staff" />
        </div>
      )}
    </section>
  )
}
