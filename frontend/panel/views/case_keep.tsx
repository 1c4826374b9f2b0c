import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { caseTrouble } from '../../ui/case/files.tsx'
import { save } from './download.ts'

/** The whole case to keep, as a page that reads without us. */
export function CaseKeep({ url, name }: { url: string; name: string }) {
  const busy = useSignal(false)
  const said = useSignal<string | null>(null)
  const problem = useSignal<unknown>(null)
  const keep = async () => {
    busy.value = true
    said.value = null
    problem.value = null
    try {
      await save(url, name)
      said.value = t('case.keep.saved')
    } catch (error) {
      problem.value = error
    }
    busy.value = false
  }
  return (
    <div>
      <Button small icon="download" busy={busy.value} onClick={() => void keep()}>
        {t('case.keep')}
      </Button>
      <p class="small" role="status">
        {said.value}
      </p>
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {caseTrouble(problem.value)}
        </p>
      )}
    </div>
  )
}
