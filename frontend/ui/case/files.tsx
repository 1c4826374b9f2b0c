import './case.css'
import { useSignal } from '@preact/signals'
import { ApiProblem } from '../../core/api.ts'
import type { CaseFile } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import type { FileInfo } from '../../core/types.ts'
import { Picture } from '../../pictures/shown.tsx'
import { FileChip } from '../file_chip.tsx'

/** How a surface hands a file over: with a cookie the browser does it by itself. */
export const saver: { save: ((url: string, name: string) => Promise<void>) | null } = { save: null }

/** Pictures to look at and files to download. */
export function CaseFiles({ files }: { files: readonly CaseFile[] }) {
  if (!files.length) return null
  const images = files.filter(({ kind }) => kind === 'image')
  return (
    <div class="case-files">
      {images.length > 0 && (
        <ul class="case-pictures">
          {images.map((file) => (
            <li key={file.id}>
              <Picture file={asInfo(file)} />
            </li>
          ))}
        </ul>
      )}
      {files
        .filter(({ kind }) => kind !== 'image')
        .map((file) => (
          <One key={file.id} file={file} />
        ))}
    </div>
  )
}

/** A file of a case as the parts for files of conversations know it. */
export function asInfo(file: CaseFile): FileInfo {
  const { id, name, media_type, size, url, kind } = file
  return { id, name, media_type, url, kind, bytes: size, width: 0, height: 0 }
}

function One({ file }: { file: CaseFile }) {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  const { save } = saver
  const download = async () => {
    busy.value = true
    problem.value = null
    await save!(file.url, file.name).catch((error) => {
      problem.value = error
    })
    busy.value = false
  }
  return (
    <FileChip
      file={asInfo(file)}
      label={t('case.file.download', { name: file.name })}
      busy={busy.value}
      problem={problem.value === null ? null : caseTrouble(problem.value)}
      onDownload={save ? () => void download() : undefined}
    />
  )
}

/** Why something could not be done, in the server's words where it could speak. */
export function caseTrouble(problem: unknown): string {
  if (!(problem instanceof ApiProblem)) return t('case.trouble.other')
  if (problem.code === 'offline') return t('case.trouble.offline')
  return problem.detail || problem.title || t('case.trouble.other')
}
