import './views.css'
import { type Signal, useSignal } from '@preact/signals'
import { language as language_, t } from '../../core/i18n.ts'
import { languageName } from '../../core/language_name.ts'
import type { Conversation, Hours, Page, Titled } from '../../core/types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Empty, Notice, Skeleton } from '../../ui/states.tsx'
import { Ago } from '../../ui/time.tsx'
import { openness, ownHours } from '../hours.ts'
import { lazy } from '../lazy.tsx'
import { useResource } from '../resource.ts'
import { go, replace } from '../router.ts'
import { List, Row } from '../row.tsx'
import { Screen } from '../screen.tsx'
import { api, place, problemText, session, start } from '../state.ts'
import { Trouble } from '../trouble.tsx'

/** From here, not from the first view: that one need not know the name of the file. */
export const CasesView = lazy(() => import('./cases.tsx'), 'CasesView')

/** Every conversation of this person, the latest first. */
export function ConversationsView() {
  const who = session.person.value?.id ?? ''
  const page = useResource(who, () =>
    who
      ? api.get<Page<Conversation>>('/api/v1/conversations', { query: { limit: 50 } })
      : Promise.resolve({ items: [], next: null }),
  )
  const items = page.data.value?.items
  return (
    <Screen title={t('panel.conversations.title')}>
      {page.problem.value ? (
        <Trouble problem={page.problem.value} retry={page.reload} />
      ) : !items ? (
        <Skeleton label={t('panel.loading')} />
      ) : items.length ? (
        <List>
          {items.map((one) => (
            <li key={one.id}>
              <Row
                title={<span class="clamp">{one.preview || t('panel.conversation.title')}</span>}
                detail={<Ago at={one.updated_at} />}
                badge={<Badge>{t(`panel.state.${one.state}`)}</Badge>}
                onClick={() => go({ name: 'conversation', id: one.id })}
              />
            </li>
          ))}
        </List>
      ) : (
        <Empty icon="chat" title={t('panel.conversations.none')}>
          {t('panel.conversations.none_detail')}
        </Empty>
      )}
    </Screen>
  )
}

interface ContactProps {
  topic?: string | null
  question?: string | null
  order?: string | null
}

/** Before a person: the topic (if it is not known yet), the language, and what to expect. */
export function ContactView({ topic, question, order }: ContactProps) {
  const here = start.value
  const chosen = useSignal(topic ?? null)
  const hours = here?.hours ?? []
  const language = useSignal(preferred(hours))
  const busy = useSignal(false)
  const missing = useSignal(false)
  const problem = useSignal<unknown>(null)
  const title = questionTitle(question)
  const enter = async () => {
    busy.value = true
    problem.value = null
    try {
      const topicTitle = here?.topics.find(({ key }) => key === chosen.value)?.title
      const body = title ?? t('panel.contact.opening', { topic: topicTitle ?? '' })
      const about = { topic: chosen.value, order_ref: order ?? place.value.order }
      const chat = await import('../chat.ts')
      const id = await chat.begin({ body, question: title ? question : null }, about)
      replace({ name: 'conversation', id })
      await chat.askPerson(id, { topic: chosen.value, language: language.value })
    } catch (error) {
      problem.value = error
    }
    busy.value = false
  }
  const remind = () => {
    missing.value = true
    document.querySelector<HTMLElement>('[name=topic]')?.focus()
  }
  return (
    <Screen
      title={t('panel.person.title')}
      footer={
        <Button
          kind="primary"
          wide
          busy={busy.value}
          onClick={() => (chosen.value || title ? void enter() : remind())}
        >
          {t('panel.contact.enter')}
        </Button>
      }
    >
      {problem.value !== null && (
        <Notice kind="danger" live="assertive">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </Notice>
      )}
      <p>{t('panel.contact.lead')}</p>
      <About title={title} order={order} />
      {!title && (
        <Choice
          name="topic"
          legend={t('panel.contact.topic')}
          error={missing.value && !chosen.value ? t('panel.contact.choose') : undefined}
          options={(here?.topics ?? []).map(({ key, title: text }) => ({ key, title: text }))}
          value={chosen.value}
          onChange={(key) => {
            chosen.value = key
          }}
        />
      )}
      {hours.length > 0 && <LanguageChoice hours={hours} chosen={language} />}
    </Screen>
  )
}

function About({ title, order }: { title: string | null; order: string | null | undefined }) {
  if (!title && !order) return null
  return (
    <div class="card">
      <p class="eyebrow">{t('panel.contact.with')}</p>
      {title && <p dir="auto">{title}</p>}
      {order && <p>{t('panel.order.title', { ref: order })}</p>}
    </div>
  )
}

function LanguageChoice({ hours, chosen }: { hours: Hours[]; chosen: Signal<string | null> }) {
  return (
    <Choice
      name="language"
      legend={t('panel.contact.language')}
      options={hours.map((one) => ({
        key: one.language,
        title: languageName(one.language, language_.value),
        detail: openness(one),
      }))}
      value={chosen.value}
      onChange={(key) => {
        chosen.value = key
      }}
    />
  )
}

function questionTitle(key: string | null | undefined): string | null {
  if (!key) return null
  for (const topic of start.value?.topics ?? [])
    for (const category of topic.categories)
      for (const question of category.questions) if (question.key === key) return question.title
  return null
}

/** One's own language while somebody is there, else one that answers now. */
function preferred(hours: Hours[]): string | null {
  const own = ownHours(hours)
  return (own?.open ? own : (hours.find((one) => one.open) ?? own))?.language ?? null
}

interface ChoiceProps {
  name: string
  legend: string
  options: (Titled & { detail?: string })[]
  value: string | null
  error?: string | undefined
  onChange(key: string): void
}

function Choice({ name, legend, options, value, error, onChange }: ChoiceProps) {
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      {error && (
        <p class="small danger" role="alert">
          {error}
        </p>
      )}
      {options.map(({ key, title, detail }) => (
        <label key={key} class="option">
          <input
            type="radio"
            name={name}
            value={key}
            checked={value === key}
            onChange={() => onChange(key)}
          />
          <span>{title}</span>
          {detail && <span class="muted small">{detail}</span>}
        </label>
      ))}
    </fieldset>
  )
}
