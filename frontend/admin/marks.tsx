import { useSignal } from '@preact/signals'
import { language as interfaceLanguage, languageName, t } from '../core/i18n.ts'
import { path } from '../desk/routes.ts'
import { api } from '../desk/session.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/states.tsx'
import { Changes } from './changes.tsx'
import type { Base, Editor } from './editor.ts'
import { SOURCE } from './questions.ts'
import type { VersionChanges } from './types.ts'

export interface MarksProps {
  base: Base
  editor: Editor
  act: (done: Promise<boolean>, told: string) => Promise<boolean>
}

/** What is not right about a text yet, and what an editor can say about it. */
export function Marks({ base, editor, act }: MarksProps) {
  return (
    <>
      {base.stale && <Stale base={base} editor={editor} act={act} />}
      {base.body && !base.reviewed && (
        <Notice
          live="off"
          action={
            <Button small onClick={() => act(editor.markReviewed(true), t('admin.marks.marked'))}>
              {t('admin.marks.reviewed')}
            </Button>
          }
        >
          {t('admin.marks.unreviewed')}
        </Notice>
      )}
    </>
  )
}

function Stale({ base, editor, act }: MarksProps) {
  const source = languageName(SOURCE, interfaceLanguage.value)
  const changes = useSignal<VersionChanges | null>(null)
  const look = async () => {
    const version = String(base.made_from ?? 1)
    const url = '/api/v1/admin/questions/{key}/texts/{lang}/versions/{version}'
    const names = { key: base.key, lang: SOURCE, version }
    changes.value = await api.get<VersionChanges>(url, { path: names }).catch(() => null)
  }
  return (
    <>
      <Notice
        kind="warning"
        live="off"
        action={
          <Button small onClick={() => act(editor.markStillRight(), t('admin.marks.marked'))}>
            {t('admin.marks.still_right')}
          </Button>
        }
      >
        {t('admin.marks.stale', { source })}{' '}
        <a href={path({ app: 'admin', page: 'content', language: SOURCE, key: base.key })}>
          {t('admin.marks.source', { source })}
        </a>
      </Notice>
      <details onToggle={(event) => event.currentTarget.open && void look()}>
        <summary>{t('admin.marks.what_changed')}</summary>
        {changes.value && <Changes of={changes.value} language={SOURCE} />}
      </details>
    </>
  )
}
