import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { language as interfaceLanguage, languageName, t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import { api } from '../desk/session.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/states.tsx'
import './effect-of-edit.css'
import { said } from './reports/said.ts'
import type { Effect, Verdict } from './reports/types.ts'

const PATIENCE_MS = 1_500

export interface EffectOfEditProps {
  question: string
  language: string
  title: string
  body: string
}

/** Before publishing: which stored questions would be answered differently. */
export function EffectOfEdit(props: EffectOfEditProps) {
  const effect = useSignal<Effect | null>(null)
  const busy = useSignal(false)
  const problem = useSignal<string | null>(null)
  const asked = useRef('')
  const words = JSON.stringify([props.question, props.language, props.title, props.body])
  // An effect of other words is none of these.
  useEffect(() => {
    if (asked.current !== words) effect.value = null
  }, [words])
  const look = async () => {
    busy.value = true
    problem.value = null
    asked.current = words
    try {
      const found = await computed(props)
      if (asked.current === words) effect.value = found
    } catch (error) {
      problem.value = said(error)
    }
    busy.value = false
  }
  return (
    <section class="effect" aria-label={t('admin.effect.title')}>
      <p class="muted small">{t('admin.effect.lead')}</p>
      <Button small icon="search" busy={busy.value} onClick={() => void look()}>
        {t(busy.value ? 'admin.effect.busy' : 'admin.effect.look')}
      </Button>
      <div role="status">
        {problem.value && <Notice kind="warning">{problem.value}</Notice>}
        {effect.value && <Found effect={effect.value} />}
      </div>
    </section>
  )
}

/** The server computes beside the request: ask again until it is done. */
async function computed({ question, language, title, body }: EffectOfEditProps): Promise<Effect> {
  let found = await api.post<Effect>(
    '/api/v1/admin/questions/{key}/texts/{lang}/effect',
    { id: uuid4(), title, body },
    { path: { key: question, lang: language } },
  )
  while (found.state === 'working') {
    await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))
    found = await api.get<Effect>('/api/v1/admin/effects/{effect_id}', {
      path: { effect_id: found.id },
    })
  }
  return found
}

function Found({ effect: { state, n, compared, changed } }: { effect: Effect }) {
  if (state !== 'done') return <Notice kind="warning">{t('admin.effect.failed')}</Notice>
  if (!n) return <p>{t('admin.effect.none', { compared: compared ?? 0 })}</p>
  return (
    <>
      <p>{t('admin.effect.some', { n, compared: compared ?? 0 })}</p>
      <ul class="changes">
        {(changed ?? []).map((change) => (
          <li key={`${change.text} ${change.language} ${change.before.question?.key}`}>
            <p>
              <span lang={change.language} dir="auto">
                {change.text}
              </span>{' '}
              <span class="muted small">
                {languageName(change.language, interfaceLanguage.value)}
                {change.example && ` · ${t('admin.effect.example')}`}
              </span>
            </p>
            <p class="small">
              <span class="muted">{t('admin.effect.before')} </span>
              {words(change.before)}
              <br />
              <span class="muted">{t('admin.effect.after')} </span>
              <strong>{words(change.after)}</strong>
            </p>
          </li>
        ))}
      </ul>
    </>
  )
}

const KNOWN = ['suggest', 'unknown', 'greeting', 'thanks']

function words({ decision, question }: Verdict): string {
  if (question) return question.title
  return t(`admin.effect.said.${KNOWN.includes(decision) ? decision : 'unknown'}`)
}
