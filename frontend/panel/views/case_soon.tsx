import { t } from '../../core/i18n.ts'
import { Skeleton } from '../../ui/states.tsx'
import { Screen } from '../screen.tsx'

/** The shape of a case until its texts are there. */
export function CaseSoon() {
  return (
    <Screen title={t('panel.loading')}>
      <Skeleton label={t('panel.loading')} lines={5} />
    </Screen>
  )
}
