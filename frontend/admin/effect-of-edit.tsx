import { t } from '../core/i18n.ts'

export interface EffectOfEditProps {
  question: string
  language: string
  title: string
  body: string
}

/** Which stored questions would be answered differently after this edit. */
export function EffectOfEdit(_: EffectOfEditProps) {
  return <p class="muted small">{t('admin.publish.effect_none')}</p>
}
