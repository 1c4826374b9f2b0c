import { useSignal } from '@preact/signals'
import { language as interfaceLanguage, languageName, t } from '../core/i18n.ts'
import { api } from '../desk/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { useLoaded, Wait } from './loaded.tsx'
import { said } from './reports/said.ts'
import type { Taught as Wording } from './types.ts'

const EXAMPLES = '/api/v1/admin/help/examples' as const

/** The ways of asking a question that administrators taught, each to be taken back. */
export function Taught({ question }: { question: string }) {
  const open = useSignal(false)
  return (
    <details
      class="history"
      onToggle={(event) => {
        open.value = event.currentTarget.open
      }}
    >
      <summary>{t('admin.taught.title')}</summary>
      <p class="muted small">{t('admin.taught.lead')}</p>
      {open.value && <Wordings question={question} />}
    </details>
  )
}

function Wordings({ question }: { question: string }) {
  const list = useLoaded(question, () =>
    api.get<{ items: Wording[] }>(EXAMPLES, { query: { question } }),
  )
  const forget = async (id: string) => {
    try {
      await api.delete(`${EXAMPLES}/{example_id}`, { path: { example_id: id } })
      toast(t('admin.taught.forgotten'))
      list.again()
    } catch (error) {
      toast(said(error))
    }
  }
  return (
    <Wait of={list} label={t('admin.taught.title')} lines={2}>
      {({ items }) =>
        items.length ? (
          <ul class="history-list">
            {items.map(({ id, text, language }) => (
              <li key={id} class="history-line">
                <span lang={language} dir="auto">
                  {text}
                </span>
                <Badge kind="neutral">{languageName(language, interfaceLanguage.value)}</Badge>
                <Button
                  small
                  kind="quiet"
                  aria-label={t('admin.taught.forget_this', { text })}
                  onClick={() => void forget(id)}
                >
                  {t('admin.taught.forget')}
                </Button>
              </li>
            ))}
          </ul>
        ) : (
          <p class="muted">{t('admin.taught.none')}</p>
        )
      }
    </Wait>
  )
}
