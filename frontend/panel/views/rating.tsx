import './rating.css'
import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import { uuid4 } from '../../core/ids.ts'
import { Button } from '../../ui/button.tsx'
import { Composer } from '../../ui/composer.tsx'
import { Icon } from '../../ui/icon.tsx'
import '../../ui/more_icons.ts'
import { api } from '../state.ts'
import { why } from './talk.ts'

interface Given {
  score: number | null
  reason: string | null
  comment: string | null
  changeable_until?: string | null
  reasons: Record<string, string[]>
}

const PATH = '/api/v1/conversations/{id}/rating'
const COMMENT_LIMIT = 1000

/** How it was, at the end: a press on a star is an answer; why and what else is up to the buyer. */
export function Rating({ id }: { id: string }) {
  const { given, open, busy, problem, comment, rate } = useRating(id)
  const known = given.value
  if (!known) return null
  const { score, reason, reasons, changeable_until: until } = known
  const final = !!until && Date.parse(until) < Date.now()
  return (
    <section class="rating" aria-label={t('panel.rating.label')}>
      <Stars
        score={score}
        disabled={!open.value}
        onRate={(n) => void rate({ score: n, reason: null })}
      />
      {open.value && score && (
        <>
          <Reasons
            keys={reasons[score] ?? []}
            chosen={reason}
            onChoose={(key) => void rate({ reason: key })}
          />
          <Comment
            draft={comment}
            busy={busy.value}
            onSend={() =>
              void rate({}).then((taken) => {
                open.value = !taken
              })
            }
          />
        </>
      )}
      <div role="status">
        {!open.value && score && <p class="small muted">{t('panel.rating.thanks')}</p>}
      </div>
      {!open.value && !final && (
        <Button
          small
          kind="quiet"
          onClick={() => {
            open.value = true
          }}
        >
          {t('panel.rating.change')}
        </Button>
      )}
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {why(problem.value)}
        </p>
      )}
    </section>
  )
}

/** What was given, and the verb that gives it. */
function useRating(id: string) {
  const given = useSignal<Given | null>(null)
  const open = useSignal(false)
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  const comment = useSignal('')
  const turn = useRef(0)
  useEffect(() => {
    api.get<Given>(PATH, { path: { id } }).then(
      (answer) => {
        given.value = answer
        comment.value = answer.comment ?? ''
        open.value = !answer.score
      },
      // Without it there is nothing to rate with; the conversation is complete without it.
      () => {},
    )
  }, [id])
  const rate = async (more: Partial<Given>) => {
    const known = given.value!
    const { score, reason } = known
    const next = { score, reason, comment: comment.value.trim() || null, ...more }
    const mine = ++turn.current
    busy.value = true
    problem.value = null
    // A star shines with the press; whoever goes on by arrows is not held up by an answer.
    given.value = { ...known, ...next }
    try {
      const answer = await api.post<Given>(PATH, { id: uuid4(), ...next }, { path: { id } })
      if (mine === turn.current) given.value = answer
    } catch (error) {
      if (mine !== turn.current) return false
      problem.value = error
      given.value = known
    }
    if (mine === turn.current) busy.value = false
    return problem.value === null
  }
  return { given, open, busy, problem, comment, rate }
}

function Comment(props: { draft: Signal<string>; busy: boolean; onSend(): void }) {
  return (
    <Composer
      draft={props.draft}
      limit={COMMENT_LIMIT}
      label={t('panel.rating.comment')}
      placeholder={t('panel.rating.comment')}
      sendLabel={t('panel.rating.send')}
      sendShown
      full
      busy={props.busy}
      count={(used, limit) => t('panel.count', { used, limit })}
      tooLong={(limit) => t('panel.write.too_long', { limit })}
      onSend={() => {
        props.onSend()
        return false
      }}
    >
      <span />
    </Composer>
  )
}

interface StarsProps {
  score: number | null
  disabled: boolean
  onRate(score: number): void
}

/** Radio buttons, drawn as stars up to the chosen one: arrows move, a screen reader says "4 of 5". */
function Stars({ score, disabled, onRate }: StarsProps) {
  return (
    <fieldset class="stars" disabled={disabled}>
      <legend>{t('panel.rating.question')}</legend>
      <div>
        {[1, 2, 3, 4, 5].map((n) => (
          <label key={n} class={n <= (score ?? 0) ? 'on' : ''} title={t(`panel.rating.${n}`)}>
            <input
              type="radio"
              name="rating"
              checked={n === score}
              aria-label={t('panel.rating.of', { n, word: t(`panel.rating.${n}`) })}
              onChange={() => onRate(n)}
            />
            <Icon name="star" size={28} />
          </label>
        ))}
      </div>
      <p class="small">{score ? t(`panel.rating.${score}`) : ''}</p>
    </fieldset>
  )
}

interface ReasonsProps {
  keys: string[]
  chosen: string | null
  onChoose(key: string | null): void
}

function Reasons({ keys, chosen, onChoose }: ReasonsProps) {
  return (
    <fieldset class="reasons">
      <legend class="small">{t('panel.rating.why')}</legend>
      <div class="choices">
        {keys.map((key) => (
          <Button
            key={key}
            small
            aria-pressed={key === chosen}
            onClick={() => onChoose(key === chosen ? null : key)}
          >
            {t(`panel.rating.reason.${key}`)}
          </Button>
        ))}
      </div>
    </fieldset>
  )
}
