import { t } from '../core/i18n.ts'
import { moment } from '../core/time.ts'
import type { Hours } from '../core/types.ts'

/** "Open now", "open until 01:00", or when it opens: in the reader's own time. */
export function openness({ always, open, opens_at, closes_at }: Hours): string {
  if (always) return t('panel.hours.always')
  if (open)
    return closes_at
      ? t('panel.hours.open_until', { at: moment(closes_at) })
      : t('panel.hours.open')
  return opens_at ? t('panel.hours.opens', { at: moment(opens_at) }) : t('panel.hours.closed')
}
