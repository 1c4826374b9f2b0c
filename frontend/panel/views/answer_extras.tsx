import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import type { Answer } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { conversation, helped, say } from '../chat.ts'
import { go } from '../router.ts'
import { problemText, store } from '../state.ts'
import { Actions } from './actions.tsx'

interface Props {
  id: string
  messageId: string
  answer: Answer
  /** Older answers keep their source; only the last one still asks. */
  open: boolean
}

/** Under an answer: its source, other questions where it was unsure, actions, "did this help?". */
export function AnswerExtras({ id, messageId, answer, open }: Props) {
  const { question, suggestions = [], topics = [], actions = [] } = answer
  const order = conversation(id).thread.value.orderRef
  return (
    <>
      {answer.machine && <p class="small machine">{t('panel.machine')}</p>}
      {(answer.citations ?? []).slice(1).map(({ key, title, url }) => (
        <a key={key} class="source" href={url} target="_blank" rel="noopener">
          {t('panel.source', { title })}
        </a>
      ))}
      {question?.url && (
        <a class="source" href={question.url} target="_blank" rel="noopener">
          {t('panel.source', { title: question.title })}
        </a>
      )}
      {open && suggestions.length > 0 && (
        <ul class="choices suggestions" aria-label={t('panel.did_you_mean')}>
          {suggestions.slice(0, 3).map(({ key, title }) => (
            <li key={key}>
              <Button small onClick={() => say(id, { body: title, question: key })}>
                {title}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open && topics.length > 0 && (
        <ul class="choices suggestions" aria-label={t('panel.topics.title')}>
          {topics.map(({ key, title }) => (
            <li key={key}>
              <Button small onClick={() => go({ name: 'topic', topic: key })}>
                {title}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open && actions.length > 0 && (
        <Actions
          actions={actions}
          order={order}
          conversation={id}
          question={question?.key ?? null}
        />
      )}
      {open && question && (
        <DidHelp id={id} messageId={messageId} question={question.key} order={order} />
      )}
    </>
  )
}

interface DidHelpProps {
  id: string
  messageId: string
  question: string
  order: string | null
}

function DidHelp({ id, messageId, question, order }: DidHelpProps) {
  const key = `said.${messageId}`
  const verdict = useSignal(store.get<'yes' | 'no'>(key) ?? null)
  const problem = useSignal<unknown>(null)
  const tell = (yes: boolean) => {
    verdict.value = yes ? 'yes' : 'no'
    store.set(key, verdict.value)
    helped(question, yes, { conversation: id, order, message: messageId }).catch((error) => {
      problem.value = error
      verdict.value = null
      store.remove(key)
    })
  }
  return (
    <div class="did-help" role="status">
      {problem.value !== null && (
        <p class="small danger">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </p>
      )}
      {verdict.value === 'yes' ? (
        <p class="small">{t('panel.helped.thanks')}</p>
      ) : verdict.value === 'no' ? (
        <>
          <p class="small">{t('panel.helped.sorry')}</p>
          <Button small onClick={() => go({ name: 'question', question, order, conversation: id })}>
            {t('panel.channels.see')}
          </Button>
        </>
      ) : (
        <div class="choices">
          <span class="small">{t('panel.helped.question')}</span>
          <Button small onClick={() => tell(true)}>
            {t('panel.helped.yes')}
          </Button>
          <Button small onClick={() => tell(false)}>
            {t('panel.helped.no')}
          </Button>
        </div>
      )}
    </div>
  )
}
