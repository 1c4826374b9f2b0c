import './file_chip.css'
import './more_icons.ts'
import { language } from '../core/i18n.ts'
import type { FileInfo } from '../core/types.ts'
import { ending, size } from './bytes.ts'
import { Icon } from './icon.tsx'

export interface FileChipProps {
  file: Pick<FileInfo, 'name' | 'bytes' | 'url'>
  /** "Download invoice.pdf": its name for everybody. */
  label: string
  /** Where the address needs more than a cookie; else the browser downloads it itself. */
  onDownload?: (() => void) | undefined
  busy?: boolean
  /** It could not be fetched. */
  problem?: string | null
}

/** A file in a message: what it is, how large, and a press downloads it. It never opens here. */
export function FileChip({ file, label, onDownload, busy, problem }: FileChipProps) {
  const inside = (
    <>
      <span class="visually-hidden">{label}</span>
      <span class="file-sign" aria-hidden="true">
        {ending(file.name)}
      </span>
      <span class="file-about">
        <span class="file-name" dir="auto" aria-hidden="true">
          {file.name}
        </span>
        <span class="file-size tabular">{size(file.bytes, language.value)}</span>
      </span>
      <Icon name="download" size={18} />
    </>
  )
  return (
    <>
      {onDownload ? (
        <button
          type="button"
          class="file-chip"
          aria-busy={busy ? 'true' : undefined}
          onClick={busy ? undefined : onDownload}
        >
          {inside}
        </button>
      ) : (
        <a class="file-chip" href={file.url} download={file.name}>
          {inside}
        </a>
      )}
      {problem && (
        <span class="file-problem" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}
