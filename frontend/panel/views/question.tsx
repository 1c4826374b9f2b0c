import './views.css'
import { type Signal, useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import type { Channel, Question } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/states.tsx'
import { useResource } from '../resource.ts'
import { Screen } from '../screen.tsx'
import { api, place, problemText } from '../state.ts'
import { Trouble } from '../trouble.tsx'
import { Actions } from './actions.tsx'
import { Body } from './body.tsx'
import { Channels } from './channels.tsx'
import { PersonFoot } from './person_foot.tsx'

interface Props {
  question: string
  order?: string | null
  /** Came from a conversation, where the answer did not help. */
  conversation?: string | null
}

/** Our suggestion, "did this help?", and only then the channels that fit. */
export function QuestionView({ question: key, order: chosen, conversation }: Props) {
  const order = chosen ?? place.value.order
  const via = conversation ? 'assistant' : null
  const question = useResource(`${key} ${order}`, () =>
    api.get<Question>('/api/v1/guide/questions/{key}', { path: { key }, query: { order, via } }),
  )
  const { value } = question.data
  const about = { question: key, order, topic: value?.topic.key ?? null }
  return (
    <Screen
      title={value?.category.title ?? t('panel.suggestion')}
      footer={<PersonFoot {...about} />}
    >
      {value ? (
        <>
          <article class="card answer">
            <p class="eyebrow">{t('panel.suggestion')}</p>
            <h2 dir="auto">{value.title}</h2>
            <Body text={value.body} language={value.language} />
            <Actions actions={value.actions} order={order} question={key} />
            {value.url && (
              <a class="source" href={value.url} target="_blank" rel="noopener">
                {t('panel.read_in_help')}
              </a>
            )}
          </article>
          <Helped question={value} order={order} conversation={conversation ?? null} />
        </>
      ) : question.problem.value ? (
        <Trouble problem={question.problem.value} retry={question.reload} />
      ) : (
        <Skeleton label={t('panel.loading')} />
      )}
    </Screen>
  )
}

type Verdict = 'open' | 'yes' | 'no'

function Helped(props: { question: Question; order: string | null; conversation: string | null }) {
  const { question, order, conversation } = props
  const verdict = useSignal<Verdict>(conversation ? 'no' : 'open')
  const problem = useSignal<unknown>(null)
  const say = (helped: boolean) => {
    verdict.value = helped ? 'yes' : 'no'
    import('../chat.ts')
      .then((chat) => chat.helped(question.key, helped, { order, conversation }))
      .catch((error) => {
        problem.value = error
      })
  }
  return (
    <>
      <Verdicts verdict={verdict} onSay={say} />
      {problem.value !== null && (
        <p class="muted small" role="status">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </p>
      )}
      {verdict.value === 'no' && (
        // The assistant has answered this already: nobody is sent back to it.
        <Fitting question={question} order={order} via={conversation ? 'assistant' : null} />
      )}
    </>
  )
}

function Verdicts({ verdict, onSay }: { verdict: Signal<Verdict>; onSay(yes: boolean): void }) {
  if (verdict.value === 'no') return null
  return (
    <div class="helped" role="status">
      {verdict.value === 'yes' ? (
        <p>{t('panel.helped.thanks')}</p>
      ) : (
        <>
          <p>{t('panel.helped.question')}</p>
          <div class="choices">
            <Button onClick={() => onSay(true)}>{t('panel.helped.yes')}</Button>
            <Button onClick={() => onSay(false)}>{t('panel.helped.no')}</Button>
          </div>
        </>
      )}
    </div>
  )
}

interface FittingProps {
  question: Question
  order: string | null
  via: string | null
}

function Fitting({ question, order, via }: FittingProps) {
  const channels = useResource(`${question.key} ${order}`, () =>
    api.get<{ channels: Channel[] }>('/api/v1/guide/questions/{key}/channels', {
      path: { key: question.key },
      query: { order, via },
    }),
  )
  const { value } = channels.data
  if (value) return <Channels channels={value.channels} question={question} order={order} />
  if (channels.problem.value)
    return <Trouble problem={channels.problem.value} retry={channels.reload} />
  return <Skeleton label={t('panel.loading')} />
}
