import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { language, t } from '../../core/i18n.ts'
import { languageName } from '../../core/language_name.ts'
import type { Standing } from '../../core/thread.ts'
import { moment } from '../../core/time.ts'
import type { Place } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { conversation, defer } from '../chat.ts'
import { api, problemText } from '../state.ts'

interface Props {
  id: string
  position: Standing | null
}

type Waiting = Place & {
  wait?: { low_s: number; high_s: number } | null
  reason?: string | null
}

/** The place in the queue: exact, said politely at each change, with a way not to wait. */
export function Queue({ id, position }: Props) {
  const place = useSignal<Waiting | null>(null)
  const problem = useSignal<unknown>(null)
  const busy = useSignal(false)
  useEffect(() => {
    const path = { id }
    api.get<Waiting>('/api/v1/conversations/{id}/position', { path }).then(
      (answer) => {
        place.value = answer
        const drawn = conversation(id).position
        if (answer.position && !drawn.value)
          drawn.value = {
            ...{ position: answer.position, reason: answer.reason ?? null },
            ...{ wait_low_s: answer.wait?.low_s ?? null, wait_high_s: answer.wait?.high_s ?? null },
          }
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
        {number && <p class="small">{range(position ?? {})}</p>}
        {reason && <p class="small">{reason}</p>}
        {place.value && <Expect place={place.value} />}
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

const MINUTE = 60
const HOUR = 3600

/** "About 4-9 min": what the wait has been lately; honest where nothing is known. */
export function range({ wait_low_s: low, wait_high_s: high }: Partial<Standing>): string {
  if (low == null || high == null) return t('panel.queue.wait_unknown')
  if (high <= MINUTE) return t('panel.queue.wait_soon')
  const hours = low >= 2 * HOUR
  const unit = hours ? HOUR : MINUTE
  const [from, to] = [Math.max(1, Math.floor(low / unit)), Math.ceil(high / unit)]
  return t(hours ? 'panel.queue.wait_hours' : 'panel.queue.wait', {
    from,
    to,
    same: `${from === to}`,
  })
}

/** Who will answer, and from when: only what differs from "somebody, now, in your language". */
function Expect({ place: { open, opens_at, own_language, queue } }: { place: Place }) {
  const name = queue ? languageName(queue.language, language.value) : ''
  return (
    <>
      {!own_language && queue && (
        <p class="small">{t('panel.queue.other_language', { language: name })}</p>
      )}
      {!open && (
        <p class="small">
          {opens_at ? t('panel.queue.opens', { at: moment(opens_at) }) : t('panel.queue.closed')}
        </p>
      )}
    </>
  )
}
