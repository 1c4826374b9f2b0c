import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { api } from '../desk/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Ago } from '../ui/time.tsx'
import { Changes } from './changes.tsx'
import type { Editor } from './editor.ts'
import { useLoaded, Wait } from './loaded.tsx'
import type { OldText, Overview, VersionChanges } from './types.ts'

const VERSIONS = '/api/v1/admin/questions/{key}/texts/{lang}/versions' as const

interface Past {
  versions: OldText[]
  /** Names of the staff by id. */
  people: Map<string, string>
}

async function fetchPast(key: string, lang: string): Promise<Past> {
  const path = { key, lang }
  const [{ items }, { staff }] = await Promise.all([
    api.get<{ items: OldText[] }>(VERSIONS, { path }),
    api.get<Overview>('/api/v1/admin/overview'),
  ])
  return { versions: items, people: new Map(staff.map(({ id, name }) => [id, name])) }
}

export interface HistoryProps {
  editor: Editor
  onRestore: (version: number) => Promise<boolean>
}

/** What was published of a text; each version can be compared with the present one and come back. */
export function History({ editor, onRestore }: HistoryProps) {
  const open = useSignal(false)
  const title = t('admin.history.title')
  return (
    <details
      class="history"
      onToggle={(event) => {
        open.value = event.currentTarget.open
      }}
    >
      <summary>{title}</summary>
      {open.value && <Versions editor={editor} onRestore={onRestore} />}
    </details>
  )
}

function Versions({ editor, onRestore }: HistoryProps) {
  const { key, language } = editor
  const past = useLoaded(`${language}/${key}`, () => fetchPast(key, language))
  return (
    <Wait of={past} label={t('admin.history.title')} lines={2}>
      {({ versions, people }) => (
        <ol class="history-list" reversed>
          {versions.map((old, index) => (
            <Version
              key={old.version}
              old={old}
              present={index === 0}
              by={people.get(old.made_by ?? '')}
              editor={editor}
              onRestore={onRestore}
            />
          ))}
        </ol>
      )}
    </Wait>
  )
}

interface VersionProps extends HistoryProps {
  old: OldText
  present: boolean
  by: string | undefined
}

function Version({ old, present, by, editor, onRestore }: VersionProps) {
  const changes = useSignal<VersionChanges | null>(null)
  const id = useId()
  const look = async () => {
    const path = { key: editor.key, lang: editor.language, version: String(old.version) }
    const found = api.get<VersionChanges>(`${VERSIONS}/{version}`, { path })
    changes.value = changes.peek() ? null : await found.catch(() => null)
  }
  const origin = old.origin === 'restored' ? 'edited' : old.origin
  return (
    <li>
      <p class="history-line" id={id}>
        <strong>{t('admin.history.version', { version: old.version })}</strong>
        {present && <Badge kind="success">{t('admin.history.present')}</Badge>}
        <span class="muted">
          {by ? t('admin.history.by', { name: by }) : t(`admin.history.${origin}`)}
          {old.restored_from && ` · ${t('admin.history.from', { version: old.restored_from })}`}
        </span>
        <Ago at={old.made_at} />
        {!present && (
          <>
            <Button
              small
              kind="quiet"
              aria-describedby={id}
              aria-expanded={changes.value !== null}
              onClick={look}
            >
              {t('admin.history.compare')}
            </Button>
            <Button
              small
              kind="quiet"
              aria-describedby={id}
              onClick={() => void onRestore(old.version)}
            >
              {t('admin.history.restore')}
            </Button>
          </>
        )}
      </p>
      {changes.value && <Changes of={changes.value} language={editor.language} />}
    </li>
  )
}
