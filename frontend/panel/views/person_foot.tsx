import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { go } from '../router.ts'

export interface About {
  topic?: string | null
  question?: string | null
  order?: string | null
}

/** A person is always reachable: the same button at the end of every view. */
export function PersonFoot(about: About) {
  return (
    <Button kind="quiet" icon="person" wide onClick={() => go({ name: 'contact', ...about })}>
      {t('panel.person.title')}
    </Button>
  )
}
