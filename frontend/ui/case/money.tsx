import './case.css'
import type { Case } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { exact } from '../../core/time.ts'
import type { Money } from '../../core/types.ts'

/** A sum that can be seen from afar. */
export function Amount({ value, large }: { value: Money; large?: boolean }) {
  return <bdi class={`case-amount tabular ${large ? 'large' : ''}`}>{money(value)}</bdi>
}

/** What was paid, what is asked for, what can still be given back, and the money on its way. */
export function MoneyFacts({ item }: { item: Case }) {
  const { requested, refundable, captured, refund } = item
  return (
    <section class="case-money" aria-label={t('case.money.title')}>
      <dl>
        <div class="main">
          <dt>{t(item.viewer === 'buyer' ? 'case.money.you_asked' : 'case.money.asked')}</dt>
          <dd>
            {requested.amount && <Amount value={requested.amount} large />}
            <span dir="auto">{requested.label}</span>
          </dd>
        </div>
        <div>
          <dt>{t('case.money.paid')}</dt>
          <dd>
            <Amount value={captured} />
          </dd>
        </div>
        <div>
          <dt>{t('case.money.refundable')}</dt>
          <dd>
            <Amount value={refundable} />
          </dd>
        </div>
        {refund && (
          <div class="main">
            <dt>{t('case.money.refund')}</dt>
            <dd>
              <Amount value={refund.amount} large />
              <span>
                <span dir="auto">{refund.label}</span>
                {refund.at && (
                  <>
                    {' · '}
                    <time dateTime={refund.at}>{exact(refund.at)}</time>
                  </>
                )}
              </span>
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}
