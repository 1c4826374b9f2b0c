import { language } from './i18n.ts'
import type { Money } from './types.ts'

/** "12,90 €" in the reader's language. Minor units follow the currency (JPY has none). */
export function money({ amount, currency }: Money, locale: string = language.value): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount / 10 ** digits)
}
