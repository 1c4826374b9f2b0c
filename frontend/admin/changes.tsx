import { t } from '../core/i18n.ts'
import type { Piece, VersionChanges } from './types.ts'

/** What the present text took away from an older one and put in. */
export function Changes({ of, language }: { of: VersionChanges; language: string }) {
  return (
    <div class="changes" lang={language} dir="auto">
      <p class="version-title">
        <Pieces of={of.title_changes} />
      </p>
      <p class="version-body">
        <Pieces of={of.body_changes} />
      </p>
    </div>
  )
}

function Pieces({ of }: { of: Piece[] }) {
  return (
    <>
      {of.map(({ kind, text }, index) => {
        if (kind === 'same') return text
        const Mark = kind === 'added' ? 'ins' : 'del'
        return (
          <Mark key={index}>
            <span class="visually-hidden">{t(`admin.history.${kind}`)} </span>
            {text}
          </Mark>
        )
      })}
    </>
  )
}
