import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { language as interfaceLanguage, isRtl, languageName, t } from '../../core/i18n.ts'
import type { Topic } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import type { Unanswered } from './types.ts'

interface NewQuestionProps {
  row: Unanswered
  topics: Topic[]
  busy: boolean
  onCancel(): void
  onSave(body: { category: string; title: string; body: string }): Promise<boolean>
}

/** A question that the help centre does not have yet: its place, its title, its answer. */
export function NewQuestion({ row, topics, busy, onCancel, onSave }: NewQuestionProps) {
  const id = useId()
  const category = useSignal(topics[0]?.categories[0]?.key ?? '')
  const title = useSignal(row.text)
  const body = useSignal('')
  const name = languageName(row.language, interfaceLanguage.value)
  const writing = { lang: row.language, dir: isRtl(row.language) ? 'rtl' : 'ltr' } as const
  const save = (event: Event) => {
    event.preventDefault()
    void onSave({ category: category.value, title: title.value, body: body.value })
  }
  return (
    <form class="new-question" onSubmit={save}>
      <p class="muted small">{t('admin.unanswered.new_hint', { language: name })}</p>
      <label for={`${id}-category`}>{t('admin.unanswered.category')}</label>
      <select
        id={`${id}-category`}
        class="field"
        value={category.value}
        onChange={(event) => {
          category.value = event.currentTarget.value
        }}
      >
        {topics.map((topic) => (
          <optgroup key={topic.key} label={topic.title}>
            {topic.categories.map((one) => (
              <option key={one.key} value={one.key}>
                {one.title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <label for={`${id}-title`}>{t('admin.editor.title')}</label>
      <input
        id={`${id}-title`}
        class="field"
        {...writing}
        maxLength={120}
        required
        value={title.value}
        onInput={(event) => {
          title.value = event.currentTarget.value
        }}
      />
      <label for={`${id}-body`}>{t('admin.editor.body')}</label>
      <textarea
        id={`${id}-body`}
        class="field"
        {...writing}
        rows={6}
        required
        aria-describedby={`${id}-hint`}
        value={body.value}
        onInput={(event) => {
          body.value = event.currentTarget.value
        }}
      />
      <p id={`${id}-hint`} class="muted small">
        {t('admin.editor.body_hint')}
      </p>
      <div class="nearest">
        <Button type="submit" kind="primary" small busy={busy}>
          {t('admin.unanswered.publish')}
        </Button>
        <Button small kind="quiet" onClick={onCancel}>
          {t('admin.unanswered.cancel')}
        </Button>
      </div>
    </form>
  )
}
