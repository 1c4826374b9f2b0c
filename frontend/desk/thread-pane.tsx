import { useEffect, useRef } from 'preact/hooks'
import { language, languageName, t } from '../core/i18n.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/states.tsx'
import type { Desk } from './desk.ts'
import { buyerName, topicName } from './inbox.ts'
import type { Open } from './open.ts'
import { ReplyBox } from './reply-box.tsx'
import { ThreadLog } from './thread-log.tsx'

export interface ThreadPaneProps {
  desk: Desk
  open: Open
  onContext: () => void
  contextShown: boolean
}

export function ThreadPane({ desk, open, onContext, contextShown }: ThreadPaneProps) {
  const conversation = open.conversation.value
  const failure = open.failure.value
  const name = conversation ? buyerName(conversation) : ''
  return (
    <section
      id="thread"
      class="thread"
      tabIndex={-1}
      aria-label={name ? t('desk.thread.label', { name }) : t('desk.thread.log')}
    >
      <Head desk={desk} open={open} onContext={onContext} contextShown={contextShown} />
      {failure && !conversation ? (
        <Failure open={open} />
      ) : (
        <>
          {conversation ? (
            <ThreadLog desk={desk} open={open} name={name} />
          ) : (
            <div class="thread-log">
              <Skeleton label={t('desk.thread.log')} lines={5} />
            </div>
          )}
          {conversation && <ReplyBox desk={desk} open={open} name={name} />}
        </>
      )}
    </section>
  )
}

function Head({ desk, open, onContext, contextShown }: ThreadPaneProps) {
  const title = useRef<HTMLHeadingElement>(null)
  const conversation = open.conversation.value
  const arrived = desk.taking.arrived.value
  useEffect(() => {
    // After "take next", and where the list has made room for it, reading goes on here.
    if (arrived || matchMedia?.('(max-width: 700px)').matches) title.current?.focus()
  }, [arrived])
  return (
    <header class="thread-head">
      <IconButton
        class="only-narrow"
        icon="back"
        label={t('desk.action.back')}
        onClick={() => desk.goTo(null)}
      />
      <div class="thread-title">
        <h2 ref={title} tabIndex={-1}>
          {conversation ? (
            <bdi>{buyerName(conversation)}</bdi>
          ) : (
            <span class="visually-hidden">{t('desk.thread.log')}</span>
          )}
        </h2>
        {conversation && (
          <p class="thread-about muted">
            <Badge kind={conversation.state === 'waiting' ? 'warning' : 'neutral'}>
              {t(`desk.state.${conversation.state}`)}
            </Badge>
            {conversation.topic && <span>{topicName(conversation.topic)}</span>}
            <span>{t(`desk.channel.${conversation.channel}`)}</span>
            <span>{languageName(conversation.language, language.value)}</span>
          </p>
        )}
      </div>
      <Actions desk={desk} open={open} />
      <IconButton
        class="context-button"
        icon="person"
        label={t('desk.action.context')}
        aria-pressed={contextShown}
        onClick={onContext}
      />
    </header>
  )
}

function Actions({ desk, open }: { desk: Desk; open: Open }) {
  if (!open.standing.value) return null
  const lock = open.lock.value
  if (lock === 'waiting')
    return (
      <div class="thread-actions">
        <Button
          kind="primary"
          small
          busy={desk.taking.busy.value === 'take'}
          onClick={() => void desk.taking.take()}
          aria-keyshortcuts="a"
        >
          {t('desk.action.take')}
        </Button>
      </div>
    )
  if (lock) return null
  return (
    <div class="thread-actions">
      <Button
        kind="quiet"
        small
        busy={desk.taking.busy.value === 'release'}
        onClick={() => void desk.taking.release()}
      >
        {t('desk.action.release')}
      </Button>
      <Button small onClick={() => desk.thread.resolve()} aria-keyshortcuts="e">
        {t('desk.action.resolve')}
      </Button>
      <Button
        class="resolve-next"
        small
        onClick={() => desk.thread.resolve(true)}
        aria-keyshortcuts="Shift+e"
      >
        {t('desk.action.resolve_next')}
      </Button>
    </div>
  )
}

function Failure({ open }: { open: Open }) {
  const missing = open.failure.value === 'missing'
  return (
    <Empty
      icon="alert"
      title={t(missing ? 'desk.thread.not_found' : 'desk.thread.failed')}
      action={
        !missing && (
          <Button small onClick={() => void open.load()}>
            {t('desk.inbox.refresh')}
          </Button>
        )
      }
    />
  )
}
