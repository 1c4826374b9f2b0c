import { useSignal } from '@preact/signals'
import { language, languageName, t } from '../../core/i18n.ts'
import { filled, holes } from '../../desk/macros.ts'
import { reason } from '../../desk/reason.ts'
import { me } from '../../desk/session.ts'
import type { Macro, MacroAction } from '../../desk/thread-types.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'
import { CONTENT_LANGUAGES } from '../questions.ts'
import { Check, Field } from './form.tsx'
import { ActionsEditor, isWhole } from './macro-actions.tsx'
import type { Around } from './macros.tsx'

const KEY = /^[a-z0-9_-]{1,40}$/

interface MacroFormProps {
  macro: Macro
  around: Around
  /** Throws what the server refuses. */
  onSave: (macro: Macro) => Promise<void>
  onRemove?: () => void
}

export function MacroForm({ macro, around, onSave, onRemove }: MacroFormProps) {
  const draft = useSignal(macro)
  const busy = useSignal(false)
  const wrong = useSignal<string | null>(null)
  const set = (more: Partial<Macro>) => {
    draft.value = { ...draft.peek(), ...more }
  }
  const now = draft.value
  const save = async () => {
    wrong.value = problem(now)
    if (wrong.peek()) return
    busy.value = true
    try {
      await onSave(now)
    } catch (error) {
      toast(reason(error))
    } finally {
      busy.value = false
    }
  }
  return (
    <form
      class="setting-form"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div class="field-row">
        <Field label={t('admin.macros.name')} value={now.name} onChange={(name) => set({ name })} />
        <Field
          label={t('admin.macros.key')}
          hint={t('admin.macros.key_hint')}
          value={now.key}
          onChange={(key) => set({ key: key.trim().toLowerCase() })}
        />
      </div>
      <Texts texts={now.texts} onChange={(texts) => set({ texts })} />
      <ActionsEditor
        actions={now.actions}
        around={around}
        onChange={(actions) => set({ actions })}
      />
      <Check
        label={t('admin.macros.shared')}
        checked={now.shared}
        onChange={(shared) => set({ shared })}
      />
      <p class="field-error" role="alert">
        {wrong.value}
      </p>
      <p class="setting-foot">
        {onRemove && (
          <Button kind="quiet" onClick={onRemove}>
            {t('admin.macros.remove')}
          </Button>
        )}
        <Button kind="primary" type="submit" busy={busy.value}>
          {t('admin.settings.save')}
        </Button>
      </p>
    </form>
  )
}

function problem({ name, key, texts, actions }: Macro): string | null {
  if (!name.trim()) return t('admin.macros.name_missing')
  if (!KEY.test(key)) return t('admin.macros.key_wrong')
  const said = Object.values(texts).some((text) => text.trim())
  if (!said && !actions.length) return t('admin.macros.nothing')
  return actions.every((action: MacroAction) => isWhole(action))
    ? null
    : t('admin.macros.action_wrong')
}

interface TextsProps {
  texts: Record<string, string>
  onChange: (texts: Record<string, string>) => void
}

/** One text a language, with how it will read for a buyer. */
function Texts({ texts, onChange }: TextsProps) {
  const chosen = useSignal(Object.keys(texts)[0] ?? 'en')
  const text = texts[chosen.value] ?? ''
  const sample = {
    buyer: t('admin.macros.sample_buyer'),
    operator: me().name,
    order: 'M-1001',
    site: t('admin.macros.sample_site'),
  }
  return (
    <fieldset>
      <legend>{t('admin.macros.texts')}</legend>
      <fieldset class="text-languages" aria-label={t('admin.content.language')}>
        {CONTENT_LANGUAGES.map((tag) => (
          <button
            key={tag}
            type="button"
            class="chip"
            aria-pressed={chosen.value === tag}
            data-set={texts[tag]?.trim() ? 'true' : undefined}
            onClick={() => {
              chosen.value = tag
            }}
          >
            {languageName(tag, language.value)}
          </button>
        ))}
      </fieldset>
      <div class="text-preview">
        <label class="tool">
          <span>{t('admin.macros.text')}</span>
          <textarea
            class="field"
            rows={5}
            dir="auto"
            lang={chosen.value}
            maxLength={4000}
            value={text}
            onInput={(event) => onChange({ ...texts, [chosen.value]: event.currentTarget.value })}
          />
          <span class="muted small">{t('admin.macros.holes', HOLES)}</span>
        </label>
        <figure class="macro-preview">
          <figcaption class="muted small">{t('admin.macros.preview')}</figcaption>
          <p dir="auto" lang={chosen.value}>
            {text.trim() ? filled(text, sample) : t('admin.macros.no_text')}
          </p>
        </figure>
      </div>
      {holes(text).length > 0 && <p class="muted small">{t('admin.macros.holes_hint')}</p>}
    </fieldset>
  )
}

// As they are written: given to the text, so that nobody translates them.
const HOLES = { holes: '{buyer} {operator} {order} {site}' }
