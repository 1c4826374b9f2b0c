import './case.css'
import type { CaseStage } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Icon } from '../icon.tsx'

/** How far the case is. */
export function Stages({ stages }: { stages: readonly CaseStage[] }) {
  if (!stages.length) return null
  return (
    <ol class="case-stages" aria-label={t('case.stages')}>
      {stages.map(({ key, label, done, current }) => (
        <li
          key={key}
          class={current ? 'current' : done ? 'done' : ''}
          aria-current={current ? 'step' : undefined}
        >
          <span class="case-stage-dot">{done && <Icon name="check" size={12} />}</span>
          <span dir="auto">{label}</span>
          {done && <span class="visually-hidden">{t('case.stage.done')}</span>}
        </li>
      ))}
    </ol>
  )
}
