import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { languageName, t } from '../../core/i18n.ts'
import { moment } from '../../core/time.ts'
import type { Position } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { conversation, defer } from '../chat.ts'
import { api, problemText, start } from '../state.ts'

interface Props {
  id: string
  position: { position: number | null; reason: string | null } | null
}

/** The place in the queue: exact, said politely at each change, with a way not to wait. */
export function Queue({ id, position }: Props) {
  const place = useSignal<Position | null>(null)
  const problem = useSignal<unknown>(null)
  const busy = useSignal(false)
  useEffect(() => {
    const path = { id }
    api.get<Position>('/api/v1/conversations/{id}/position', { path }).then(
      (answer) => {
        place.value = answer
        const drawn = conversation(id).position
        if (answer.position && !drawn.value)
          drawn.value = { position: answer.position, reason: answer.reason }
      },
      // The socket tells it as well; nothing to say about this one.
      () => undefined,
    )
  }, [id])
  const later = async () => {
    busy.value = true
    await defer(id).catch((error) => {
      problem.value = error
    })
    busy.value = false
  }
  const number = position?.position
  const reason = position?.reason
  return (
    <section class="queue" aria-label={t('panel.queue.label')}>
      <div role="status" aria-live="polite" aria-atomic="true">
        <p class="queue-line">
          {number ? (
            <>
              <strong class="queue-number tabular">{number}</strong>
              <span>{t('panel.queue.position', { n: number })}</span>
            </>
          ) : (
            t('panel.queue.entered')
          )}
        </p>
        {reason && <p class="small">{reason}</p>}
        {place.value && !place.value.open && <Closed language={place.value.queue?.language} />}
      </div>
      <p class="small muted">{t('panel.queue.hint')}</p>
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </p>
      )}
      <Button small busy={busy.value} onClick={later}>
        {t('panel.queue.later')}
      </Button>
    </section>
  )
}

function Closed({ language }: { language: string | undefined }) {
  const hours = start.value?.hours.find((one) => one.language === language)
  if (!language || !hours?.opens_at) return <p class="small">{t('panel.queue.closed')}</p>
  return (
    <p class="small">
      {t('panel.queue.opens', { language: languageName(language), at: moment(hours.opens_at) })}
    </p>
  )
}
