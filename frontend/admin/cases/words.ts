import { has, t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { type Leaf, span, type Value, type Way, written } from './document.ts'

const UNITS = { h: 'hours', d: 'days', bd: 'business' } as const

/** A place of the policy in words; a name that we have no word for is shown as it is. */
export function named(path: Way): string {
  const [head, key, ...rest] = path
  if (head === 'reasons' && rest.length) return `${word('reasons', key!)}: ${named(rest)}`
  if (head === 'countries' && rest.length) return `${key}: ${named(rest)}`
  if (head === 'caps' && rest.length) return `${word('caps', key!)}, ${rest.join('.')}`
  if (key === undefined) return word('value', head ?? '')
  return word(head!, key)
}

function word(section: string, key: string): string {
  const known = `admin.policy.${section}.${key}`
  return has(known) ? t(known) : key.replaceAll('_', ' ')
}

/** A value in words where it says more so: "3bd" is three business days, a cap is money. */
export function meaning(path: Way, value: Leaf): string | null {
  const time = typeof value === 'string' ? span(value) : null
  if (time) return t(`admin.policy.span.${UNITS[time.unit]}`, { n: time.n })
  const currency = path.at(-1) ?? ''
  if (path.includes('caps') && typeof value === 'number' && /^[A-Z]{3}$/.test(currency))
    return money({ amount: value, currency })
  return null
}

/** As it stands in a sentence. */
export function told(path: Way, value: Leaf | undefined): string {
  if (value === undefined) return t('admin.policy.nothing')
  return meaning(path, value) ?? chosen(path, value) ?? (written(value) || t('admin.policy.empty'))
}

/** The words of one of few values. */
export function chosen(path: Way, value: Leaf): string | null {
  const known = `admin.policy.choice.${path.at(-1)}.${String(value)}`
  return has(known) ? t(known) : null
}

/** As a case goes through them: a database keeps no order of names. */
const ORDER = [
  ...['check', 'confirm', 'seller', 'negotiation', 'buyer', 'review', 'review_limit'],
  ...['supervisor', 'evidence', 'proposal', 'appeal_window', 'appeal', 'label', 'return_ship'],
  ...['return_extension', 'return_transit', 'inspect', 'replace_ship', 'replace_transit'],
  ...['replace_confirm', 'provider', 'retry', 'finance', 'withdrawal', 'hold'],
  ...['contact_first', 'window', 'late', 'not_shipped', 'cooling_off', 'escalate_after'],
  ...['silence', 'payout', 'over_cap_default', 'counters', 'edits', 'offers', 'evidence_rounds'],
  ...['proposals', 'withdrawals', 'statements', 'refund_tries', 'other_methods', 'holds'],
  ...['grants', 'grants_days', 'automatic', 'pay_first', 'grants_sum'],
  ...['at', 'channels', 'warnings', 'warning_channels', 'country', 'zone', 'extra'],
]

/** Values of a section in the order in which people think of them. */
export function inOrder(values: readonly Value[]): Value[] {
  const place = ({ path }: Value) => {
    const nested = path[0] === 'reasons' || path[0] === 'countries'
    const known = ORDER.indexOf(path[nested ? path.length - 1 : 1] ?? '')
    return known < 0 ? ORDER.length : known
  }
  const group = ({ path }: Value) => (path.length > 2 && path[0] !== 'caps' ? path[1]! : '')
  return [...values].sort(
    (a, b) => group(a).localeCompare(group(b)) || place(a) - place(b) || byName(a, b),
  )
}

const byName = (a: Value, b: Value) => a.path.join('.').localeCompare(b.path.join('.'))

/** What may be chosen where only few values make sense. */
export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  silence: ['grant', 'review'],
  payout: ['pay_first', 'hold'],
  over_cap_default: ['request', 'last_offer'],
}
