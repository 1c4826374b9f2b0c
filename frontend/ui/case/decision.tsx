import './case.css'
import '../more_icons.ts'
import type { Case } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { exact, now } from '../../core/time.ts'
import { Icon } from '../icon.tsx'
import { Amount } from './money.tsx'
import { dueText } from './until.ts'

/** What was decided, why in plain words, by which rule, and until when one may appeal. */
export function DecisionBox({ item }: { item: Pick<Case, 'decision' | 'viewer'> }) {
  const { decision } = item
  if (!decision) return null
  return (
    <section class="case-decision" aria-labelledby="case-decision">
      <h2 id="case-decision">
        <Icon name="scale" />
        {t('case.decision')}
      </h2>
      <p class="case-offer-what">
        {decision.amount && <Amount value={decision.amount} large />}
        <strong dir="auto">{decision.label}</strong>
      </p>
      <h3 class="case-eyebrow">{t('case.decision.why')}</h3>
      <p class="case-words" dir="auto">
        {decision.reasons}
      </p>
      {(decision.rule_label || decision.rule) && (
        <p>
          <span class="muted">{t('case.decision.rule')}</span>{' '}
          <span dir="auto">{decision.rule_label ?? decision.rule}</span>
        </p>
      )}
      {decision.appeal_until && Date.parse(decision.appeal_until) > now.value && (
        <p>
          <span class="muted">
            {t(item.viewer === 'staff' ? 'case.decision.appeal_sides' : 'case.decision.appeal')}
          </span>{' '}
          <time class="tabular" dateTime={decision.appeal_until}>
            <strong>{dueText(decision.appeal_until, now.value)}</strong>
          </time>
        </p>
      )}
      <p class="muted small">
        {decision.by && <bdi>{decision.by}</bdi>}
        {decision.by && ' · '}
        <time dateTime={decision.at}>{exact(decision.at)}</time>
      </p>
    </section>
  )
}
