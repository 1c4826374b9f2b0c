import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import { moment } from '../../core/time.ts'
import type { Channel, Question } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import '../../ui/more_icons.ts'
import { Badge } from '../../ui/badge.tsx'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Notice } from '../../ui/states.tsx'
import { go } from '../router.ts'
import { problemText } from '../state.ts'

const ICONS: Record<Channel['channel'], IconName> = {
  assistant: 'search',
  chat: 'chat',
  email: 'mail',
  order: 'box',
  store_form: 'store',
  case: 'scale',
}

interface Props {
  channels: Channel[]
  question: Question
  order: string | null
}

/** The ways that fit this question, with what to expect; and why the others do not. */
export function Channels({ channels, question, order }: Props) {
  const offered = channels.filter((one) => one.offered)
  const others = channels.filter((one) => !one.offered)
  const heading = useRef<HTMLHeadingElement>(null)
  // The button that asked for them is gone: focus and eye go on here.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
    heading.current?.scrollIntoView({ block: 'start' })
  }, [])
  return (
    <section class="channels">
      <h2 ref={heading} tabIndex={-1}>
        {t('panel.channels.title')}
      </h2>
      <ul class="cards">
        {offered.map((channel) => (
          <Offered key={channel.channel} channel={channel} question={question} order={order} />
        ))}
      </ul>
      {others.length > 0 && (
        <section class="others">
          <h3>{t('panel.channels.others')}</h3>
          <ul>
            {others.map(({ channel, reason, expectation }) => (
              <li key={channel}>
                <strong>{t(`panel.channel.${channel}`)}</strong>
                <span dir="auto">{reason ?? expectation}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </section>
  )
}

function Offered({ channel, question, order }: { channel: Channel } & Omit<Props, 'channels'>) {
  return (
    <li class="card channel">
      <div class="channel-head">
        <Icon name={ICONS[channel.channel]} />
        <h3>{t(`panel.channel.${channel.channel}`)}</h3>
        <Openness channel={channel} />
      </div>
      <p class="muted" dir="auto">
        {channel.expectation}
      </p>
      {!!channel.waiting && (
        <p class="muted">{t('panel.channel.waiting', { n: channel.waiting })}</p>
      )}
      <Go channel={channel} question={question} order={order} />
    </li>
  )
}

function Openness({ channel: { open_now, opens_at } }: { channel: Channel }) {
  if (open_now) return <Badge kind="success">{t('panel.hours.open')}</Badge>
  if (open_now === false && opens_at)
    return <Badge>{t('panel.hours.opens', { at: moment(opens_at) })}</Badge>
  return null
}

function Go({ channel, question, order }: { channel: Channel } & Omit<Props, 'channels'>) {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  const about = { topic: question.topic.key, question: question.key, order }
  const assistant = async () => {
    busy.value = true
    try {
      const chat = await import('../chat.ts')
      const id = await chat.ask({ body: question.title, question: question.key })
      go({ name: 'conversation', id })
    } catch (error) {
      problem.value = error
    }
    busy.value = false
  }
  if (problem.value !== null)
    return (
      <Notice kind="danger" live="assertive">
        {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
      </Notice>
    )
  switch (channel.channel) {
    case 'chat':
      return (
        <Button kind="primary" onClick={() => go({ name: 'contact', ...about })}>
          {t('panel.channel.chat.go')}
        </Button>
      )
    case 'assistant':
      return (
        <Button busy={busy.value} onClick={assistant}>
          {t('panel.channel.assistant.go')}
        </Button>
      )
    case 'email':
      return channel.mailbox ? (
        <a class="button plain" href={mailto(channel.mailbox, question, order)}>
          {channel.mailbox}
        </a>
      ) : null
    case 'order':
    case 'case':
      return <WithOrder channel={channel} order={order} />
    default:
      return null
  }
}

/** About an order, which is chosen first. */
function WithOrder({ channel, order }: { channel: Channel; order: string | null }) {
  if (!order)
    return <Button onClick={() => go({ name: 'orders' })}>{t('panel.orders.choose')}</Button>
  if (channel.channel === 'order') return null
  const reason = channel.case_reason ?? null
  return (
    <Button kind="primary" onClick={() => go({ name: 'cases', order, reason })}>
      {t('panel.channel.case')}
    </Button>
  )
}

function mailto(mailbox: string, question: Question, order: string | null): string {
  const subject = order ? `${question.title} (${order})` : question.title
  return `mailto:${mailbox}?subject=${encodeURIComponent(subject)}`
}
