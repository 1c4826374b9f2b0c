import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'
import { problemText } from './state.ts'

/** What happened, that nothing was lost, and what to do. */
export function Trouble({ problem, retry }: { problem?: unknown; retry(): void }) {
  return (
    <div role="alert">
      <Empty
        icon="alert"
        title={t('panel.trouble.title')}
        action={
          <Button icon="refresh" onClick={retry}>
            {t('panel.retry')}
          </Button>
        }
      >
        {problemText(problem, t('panel.trouble.offline'), t('panel.trouble.other'))}
      </Empty>
    </div>
  )
}
