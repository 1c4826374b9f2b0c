import { useEffect, useId, useMemo } from 'preact/hooks'
import { language as interfaceLanguage, isRtl, languageName, t } from '../core/i18n.ts'
import { path } from '../desk/routes.ts'
import { api } from '../desk/session.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Badge, Empty, Notice, Skeleton } from '../ui/states.tsx'
import { toast } from '../ui/toast.tsx'
import { Editor } from './editor.ts'
import { Preview } from './preview.tsx'
import type { TextRow } from './types.ts'

export interface EditorViewProps {
  id: string
  language: string
  onSaved: (row: TextRow) => void
}

export function EditorView({ id, language, onSaved }: EditorViewProps) {
  const editor = useMemo(() => new Editor(api, id, language), [id, language])
  useEffect(() => void editor.load(), [editor])
  const base = editor.base.value
  const name = languageName(language, interfaceLanguage.value)
  return (
    <section
      class="editor"
      aria-label={t('admin.editor.in', { title: base?.title ?? id, language: name })}
    >
      <a
        class="button quiet small editor-back"
        href={path({ app: 'admin', page: 'content', language, key: null })}
      >
        <Icon name="back" size={16} />
        {t('admin.editor.back')}
      </a>
      {editor.loadFailed.value && (
        <Empty
          icon="alert"
          title={t('admin.editor.failed_load')}
          action={<Button onClick={() => void editor.load()}>{t('admin.retry')}</Button>}
        />
      )}
      {!base && !editor.loadFailed.value && <Skeleton label={t('admin.editor.body')} lines={6} />}
      {base && editor.conflict.value && <Conflict editor={editor} />}
      {base && !editor.conflict.value && <Form editor={editor} onSaved={onSaved} />}
    </section>
  )
}

function Form({ editor, onSaved }: { editor: Editor; onSaved: (row: TextRow) => void }) {
  const id = useId()
  const base = editor.base.value!
  const save = async (event: Event) => {
    event.preventDefault()
    if (!(await editor.save())) return
    toast(t('admin.editor.saved'))
    const { body, ...row } = editor.base.peek()!
    onSaved({ ...row, answered: Boolean(body) })
  }
  const dir = isRtl(editor.language) ? 'rtl' : 'ltr'
  return (
    <>
      <form onSubmit={save} class="editor-form">
        <p class="editor-state">
          <Badge kind={base.edited ? 'accent' : 'neutral'}>
            {t(base.edited ? 'admin.content.edited' : 'admin.editor.shipped_short')}
          </Badge>
          <span class="muted">
            {t(base.edited ? 'admin.editor.edited' : 'admin.editor.shipped')}
          </span>
        </p>
        {!base.body && <Notice live="off">{t('admin.editor.no_answer')}</Notice>}
        <label for={`${id}-title`}>{t('admin.editor.title')}</label>
        <input
          id={`${id}-title`}
          class="field"
          lang={editor.language}
          dir={dir}
          value={editor.title.value}
          onInput={(event) => editor.write('title', event.currentTarget.value)}
        />
        <label for={`${id}-body`}>{t('admin.editor.body')}</label>
        <textarea
          id={`${id}-body`}
          class="field"
          rows={12}
          lang={editor.language}
          dir={dir}
          aria-describedby={`${id}-hint`}
          value={editor.body.value}
          onInput={(event) => editor.write('body', event.currentTarget.value)}
        />
        <p id={`${id}-hint`} class="muted small">
          {t('admin.editor.body_hint')}
        </p>
        <Problem editor={editor} />
        <Foot editor={editor} />
      </form>
      <Preview title={editor.title.value} body={editor.body.value} language={editor.language} />
    </>
  )
}

function Problem({ editor }: { editor: Editor }) {
  const error = editor.error.value
  if (!error) return null
  const reason = error.code === 'offline' ? t('admin.editor.offline') : error.detail
  return (
    <Notice kind="danger" live="assertive">
      {error.code === 'empty' ? t('admin.editor.empty') : t('admin.editor.failed', { reason })}
    </Notice>
  )
}

function Foot({ editor }: { editor: Editor }) {
  return (
    <div class="editor-foot">
      <Button
        type="submit"
        kind="primary"
        busy={editor.saving.value}
        disabled={!editor.changed.value}
      >
        {t(editor.saving.value ? 'admin.editor.saving' : 'admin.editor.save')}
      </Button>
      {editor.changed.value && (
        <>
          <Button
            kind="quiet"
            onClick={() => {
              editor.discard()
              toast(t('admin.editor.discarded'))
            }}
          >
            {t('admin.editor.discard')}
          </Button>
          <span class="muted small">{t('admin.editor.unsaved')}</span>
        </>
      )}
    </div>
  )
}

/** Two versions side by side; neither is thrown away before somebody decided. */
function Conflict({ editor }: { editor: Editor }) {
  const theirs = editor.conflict.value!
  return (
    <div class="conflict">
      <Notice kind="warning" live="assertive">
        <strong>{t('admin.editor.conflict.title')}</strong>
        <br />
        {t('admin.editor.conflict.body')}
      </Notice>
      <div class="versions">
        <Version
          name={t('admin.editor.conflict.mine')}
          title={editor.title.value}
          body={editor.body.value}
          language={editor.language}
        />
        <Version
          name={t('admin.editor.conflict.theirs')}
          title={theirs.title}
          body={theirs.body ?? ''}
          language={editor.language}
        />
      </div>
      <div class="editor-foot">
        <Button kind="primary" onClick={() => editor.settle('mine')}>
          {t('admin.editor.conflict.keep_mine')}
        </Button>
        <Button onClick={() => editor.settle('theirs')}>
          {t('admin.editor.conflict.take_theirs')}
        </Button>
      </div>
    </div>
  )
}

function Version(props: { name: string; title: string; body: string; language: string }) {
  return (
    <section class="version">
      <h3>{props.name}</h3>
      <p class="version-title" lang={props.language} dir="auto">
        {props.title}
      </p>
      <p class="version-body" lang={props.language} dir="auto">
        {props.body}
      </p>
    </section>
  )
}
