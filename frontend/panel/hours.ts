import { language, t } from '../core/i18n.ts'
import { moment } from '../core/moment.ts'
import type { Hours } from '../core/types.ts'

/** Of the reader's own language, else of the one that is always there. */
export function ownHours(hours: Hours[]): Hours | undefined {
  return (
    hours.find((one) => one.language === language.value) ??
    hours.find((one) => one.always) ??
    hours[0]
  )
}

/** "Open now", "open until 01:00", or when it opens: in the reader's own time. */
export function openness({ always, open, opens_at, closes_at }: Hours): string {
  if (always) return t('panel.hours.always')
  if (open)
    return closes_at
      ? t('panel.hours.open_until', { at: moment(closes_at) })
      : t('panel.hours.open')
  return opens_at ? t('panel.hours.opens', { at: moment(opens_at) }) : t('panel.hours.closed')
}
