import { t } from '../../core/i18n.ts'
import { exact, now } from '../../core/time.ts'
import { left, urgency } from '../../ui/case/until.ts'
import { Icon } from '../../ui/icon.tsx'

/** A deadline in a list: how long there is, with the exact time on hover. */
export function DueIn({ at }: { at: string | null }) {
  if (!at) return <span class="muted">{t('desk.cases.no_deadline')}</span>
  const near = urgency(at, now.value)
  return (
    <time class={`work-due ${near} tabular`} dateTime={at} title={exact(at)}>
      {near !== 'calm' && <Icon name="clock" size={14} />}
      <span class="visually-hidden">
        {t(near === 'late' ? 'desk.cases.overdue' : 'desk.cases.until')}{' '}
      </span>
      {left(at, now.value)}
    </time>
  )
}
