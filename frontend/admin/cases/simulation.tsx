import { language, t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import type { Money } from '../../core/types.ts'
import { Notice } from '../../ui/states.tsx'

interface Result {
  outcomes: { code: string; label: string; cases: number }[]
  median_days: number
  p95_days: number
  refunded: Money[]
}

export interface Simulation {
  cases: number
  synthetic: boolean
  changed: number
  old: Result
  new: Result
  worse: { party: 'buyer' | 'seller' | 'platform'; cases: number; amount: Money | null }[]
}

/** The same cases under both policies, side by side, and who would be worse off. */
export function SimulationView({ found }: { found: Simulation }) {
  const { old, worse } = found
  const next = found.new
  const labels = new Map(
    [...old.outcomes, ...next.outcomes].map(({ code, label }) => [code, label]),
  )
  const cases = (result: Result, code: string) =>
    result.outcomes.find((one) => one.code === code)?.cases ?? 0
  const losers = worse.filter((one) => one.cases > 0)
  return (
    <section class="policy-simulation" aria-label={t('admin.policy.simulation')}>
      <h3>{t('admin.policy.simulation')}</h3>
      <p>
        {t(found.synthetic ? 'admin.policy.synthetic' : 'admin.policy.past', { n: found.cases })}{' '}
        {t('admin.policy.changed', { n: found.changed })}
      </p>
      <table class="table">
        <thead>
          <tr>
            <td />
            <th scope="col">{t('admin.policy.before')}</th>
            <th scope="col">{t('admin.policy.after')}</th>
          </tr>
        </thead>
        <tbody>
          {[...labels].map(([code, label]) => (
            <Line key={code} name={label} one={cases(old, code)} other={cases(next, code)} />
          ))}
          <Line
            name={t('admin.policy.median')}
            one={days(old.median_days)}
            other={days(next.median_days)}
          />
          <Line name={t('admin.policy.p95')} one={days(old.p95_days)} other={days(next.p95_days)} />
          <Line
            name={t('admin.policy.refunded')}
            one={sums(old.refunded)}
            other={sums(next.refunded)}
          />
        </tbody>
      </table>
      {losers.length === 0 ? (
        <Notice kind="success">{t('admin.policy.nobody_worse')}</Notice>
      ) : (
        <Notice kind="warning">
          <ul>
            {losers.map(({ party, cases: n, amount }) => (
              <li key={party}>
                {t(`admin.policy.worse.${party}`, { n })}
                {amount && ` ${t('admin.policy.worse_by', { amount: money(amount) })}`}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </section>
  )
}

interface LineProps {
  name: string
  one: string | number
  other: string | number
}

function Line({ name, one, other }: LineProps) {
  return (
    <tr data-changed={one !== other ? 'true' : undefined}>
      <th scope="row">{name}</th>
      <td class="tabular" data-label={t('admin.policy.before')}>
        {one}
      </td>
      <td class="tabular" data-label={t('admin.policy.after')}>
        {other}
      </td>
    </tr>
  )
}

function days(n: number): string {
  const format = {
    style: 'unit',
    unit: 'day',
    unitDisplay: 'long',
    maximumFractionDigits: 1,
  } as const
  return new Intl.NumberFormat(language.value, format).format(n)
}

function sums(all: readonly Money[]): string {
  return all.map((sum) => money(sum)).join(' + ') || '0'
}
