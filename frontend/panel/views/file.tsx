import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import type { FileInfo } from '../../core/types.ts'
import { FileChip } from '../../ui/file_chip.tsx'
import { save } from './download.ts'
import { why } from './talk.ts'

/** A file in a message: the session is never part of an address, so it is fetched and handed over. */
export function File({ file }: { file: FileInfo }) {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  const download = async () => {
    busy.value = true
    problem.value = null
    await save(file.url, file.name).catch((error) => {
      problem.value = error
    })
    busy.value = false
  }
  return (
    <FileChip
      file={file}
      label={t('panel.file.download', { name: file.name })}
      busy={busy.value}
      problem={problem.value === null ? null : why(problem.value)}
      onDownload={() => void download()}
    />
  )
}
