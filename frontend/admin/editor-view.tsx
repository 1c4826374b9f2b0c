import { useSignal } from '@preact/signals'
import { useEffect, useId, useMemo } from 'preact/hooks'
import { language as interfaceLanguage, isRtl, languageName, t } from '../core/i18n.ts'
import { path } from '../desk/routes.ts'
import { api } from '../desk/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Empty, Notice, Skeleton } from '../ui/states.tsx'
import { toast } from '../ui/toast.tsx'
import { type Base, Editor, wordsOf } from './editor.ts'
import { History } from './history.tsx'
import { Marks } from './marks.tsx'
import { Preview } from './preview.tsx'
import { PublishDialog } from './publish.tsx'
import { Taught } from './taught.tsx'
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

interface FormProps {
  editor: Editor
  onSaved: (row: TextRow) => void
}

/** Do something with the text; where it worked, say so and tell the list. */
async function doing(act: Promise<boolean>, told: string, { editor, onSaved }: FormProps) {
  if (!(await act)) return false
  toast(told)
  const { body, draft, etag: _, ...row } = editor.base.peek()!
  onSaved({ ...row, answered: Boolean(body), drafted: draft !== null })
  return true
}

function Form(props: FormProps) {
  const { editor } = props
  const id = useId()
  const publishing = useSignal(false)
  const base = editor.base.value!
  const dir = isRtl(editor.language) ? 'rtl' : 'ltr'
  return (
    <>
      <form
        class="editor-form"
        onSubmit={(event) => {
          event.preventDefault()
          publishing.value = editor.complete()
        }}
      >
        <State base={base} />
        <Marks base={base} editor={editor} act={(done, told) => doing(done, told, props)} />
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
        <Foot {...props} />
      </form>
      <Preview title={editor.title.value} body={editor.body.value} language={editor.language} />
      {base.version > 0 && (
        <History
          key={base.version}
          editor={editor}
          onRestore={(version) =>
            doing(editor.restore(version), t('admin.history.restored', { version }), props)
          }
        />
      )}
      <Taught question={editor.key} />
      {publishing.value && (
        <PublishDialog
          editor={editor}
          onClose={() => {
            publishing.value = false
          }}
          onPublish={async (madeFrom) => {
            await doing(editor.publish(madeFrom), t('admin.editor.saved'), props)
            publishing.value = false
          }}
        />
      )}
    </>
  )
}

function State({ base }: { base: Base }) {
  return (
    <p class="editor-state">
      <Badge kind={base.edited ? 'accent' : 'neutral'}>
        {t(base.edited ? 'admin.content.edited' : 'admin.editor.shipped_short')}
      </Badge>
      {base.draft && <Badge kind="note">{t('admin.content.drafted')}</Badge>}
      <span class="muted">
        {t(
          base.draft
            ? 'admin.editor.draft_there'
            : base.edited
              ? 'admin.editor.edited'
              : 'admin.editor.shipped',
        )}
      </span>
    </p>
  )
}

function Problem({ editor }: { editor: Editor }) {
  const error = editor.error.value
  if (!error) return null
  const reason = error.code === 'offline' ? t('admin.editor.offline') : error.detail
  return (
    <Notice kind="danger" live="assertive">
      {error.code === 'empty' || error.code === 'changed'
        ? t(`admin.editor.${error.code}`)
        : t('admin.editor.failed', { reason })}
    </Notice>
  )
}

function Foot(props: FormProps) {
  const { editor } = props
  const saving = editor.saving.value
  const draft = editor.base.value?.draft
  return (
    <div class="editor-foot">
      <Button
        type="submit"
        kind="primary"
        busy={saving === 'publish'}
        disabled={!editor.unpublished.value}
      >
        {t(saving === 'publish' ? 'admin.editor.saving' : 'admin.editor.publish')}
      </Button>
      {editor.base.value!.version > 0 && (
        <Button
          busy={saving === 'draft'}
          disabled={!editor.changed.value}
          onClick={() => void doing(editor.saveDraft(), t('admin.editor.draft_saved'), props)}
        >
          {t('admin.editor.save_draft')}
        </Button>
      )}
      {editor.changed.value && (
        <Button
          kind="quiet"
          onClick={() => {
            editor.discard()
            toast(t('admin.editor.discarded'))
          }}
        >
          {t('admin.editor.discard')}
        </Button>
      )}
      {draft && !editor.changed.value && (
        <Button
          kind="quiet"
          onClick={() =>
            void doing(editor.discardDraft(), t('admin.editor.draft_discarded'), props)
          }
        >
          {t('admin.editor.discard_draft')}
        </Button>
      )}
      {editor.changed.value && <span class="muted small">{t('admin.editor.unsaved')}</span>}
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
          {...wordsOf(theirs)}
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
