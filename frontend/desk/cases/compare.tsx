import type { Case, CaseStep } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { exact } from '../../core/time.ts'
import { Evidence } from '../../ui/case/evidence.tsx'
import { Snapshot } from '../../ui/case/snapshot.tsx'

type Side = 'buyer' | 'seller'

/** What each side says and shows, with the listing as it was ordered between them. */
export function Compare({ item }: { item: Case }) {
  const own = item.evidence.some(({ party }) => party === 'staff')
  return (
    <section class="desk-compare" aria-label={t('desk.cases.compare')}>
      <div class="of-buyer">
        <Evidence item={item} party="buyer" />
        <Words item={item} side="buyer" />
      </div>
      <div class="of-listing">
        <Snapshot item={item} open />
      </div>
      <div class="of-seller">
        <Evidence item={item} party="seller" />
        <Words item={item} side="seller" />
      </div>
      {own && (
        <div class="of-staff">
          <Evidence item={item} party="staff" />
        </div>
      )}
    </section>
  )
}

/** What a side has written, in its order: the claim, refusals, offers. Statements stand above. */
function Words({ item, side }: { item: Case; side: Side }) {
  const said = wordsOf(item, side)
  if (!said.length) return null
  return (
    <div class="desk-words">
      <h3>{t(`desk.cases.words.${side}`)}</h3>
      <ol>
        {said.map((step) => (
          <li key={step.no}>
            <p class="case-words" dir="auto">
              {step.text}
            </p>
            <p class="muted small">
              <span dir="auto">{step.title}</span>{' '}
              <time class="tabular" dateTime={step.at}>
                {exact(step.at)}
              </time>
            </p>
          </li>
        ))}
      </ol>
    </div>
  )
}

export function wordsOf(item: Pick<Case, 'timeline' | 'evidence'>, side: Side): CaseStep[] {
  const shown = new Set(item.evidence.map(({ text }) => text))
  return item.timeline
    .filter(({ by, text }) => by.party === side && text && !shown.has(text))
    .sort((a, b) => a.no - b.no)
}
