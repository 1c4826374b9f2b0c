import './views.css'
import { t } from '../../core/i18n.ts'
import { Skeleton } from '../../ui/states.tsx'
import { go } from '../router.ts'
import { List, Row } from '../row.tsx'
import { Screen } from '../screen.tsx'
import { loadStart, start, startProblem } from '../state.ts'
import { Trouble } from '../trouble.tsx'
import { PersonFoot } from './person_foot.tsx'

/** The six topics of the contact guide. */
export function TopicsView() {
  const topics = start.value?.topics
  return (
    <Screen title={t('panel.topics.title')} footer={<PersonFoot />}>
      {topics ? (
        <List>
          {topics.map(({ key, title, categories }) => (
            <li key={key}>
              <Row
                title={title}
                detail={t('panel.topics.questions', {
                  n: categories.reduce((sum, one) => sum + one.questions.length, 0),
                })}
                onClick={() => go({ name: 'topic', topic: key })}
              />
            </li>
          ))}
        </List>
      ) : (
        <Waiting />
      )}
    </Screen>
  )
}

/** A topic: its categories, each with its questions. */
export function TopicView({ topic }: { topic: string }) {
  const found = start.value?.topics.find(({ key }) => key === topic)
  return (
    <Screen title={found?.title ?? t('panel.topics.title')} footer={<PersonFoot topic={topic} />}>
      {found ? (
        found.categories.map(({ key, title, questions }) => (
          <section key={key}>
            <h2>{title}</h2>
            <List>
              {questions.map((question) => (
                <li key={question.key}>
                  <Row
                    title={question.title}
                    onClick={() => go({ name: 'question', question: question.key })}
                  />
                </li>
              ))}
            </List>
          </section>
        ))
      ) : (
        <Waiting />
      )}
    </Screen>
  )
}

function Waiting() {
  if (startProblem.value) return <Trouble problem={startProblem.value} retry={loadStart} />
  return <Skeleton label={t('panel.loading')} lines={6} />
}
