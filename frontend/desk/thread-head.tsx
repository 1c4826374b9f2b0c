import { useEffect, useRef } from 'preact/hooks'
import { language, languageName, t } from '../core/i18n.ts'
import { exact, moment, now } from '../core/time.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Menu, type MenuItem } from '../ui/menu.tsx'
import { priorityLevel, priorityName } from './changes.ts'
import type { Desk } from './desk.ts'
import { elapsed } from './elapsed.ts'
import { buyerName, topicName } from './inbox.ts'
import { type Command, isField, shown } from './keys.ts'
import type { Open } from './open.ts'
import { due } from './sla.ts'
import { standings } from './standings.ts'

export interface HeadProps {
  desk: Desk
  open: Open
  onContext: () => void
  contextShown: boolean
}

export function Head({ desk, open, onContext, contextShown }: HeadProps) {
  const title = useRef<HTMLHeadingElement>(null)
  const conversation = open.conversation.value
  const arrived = desk.taking.arrived.value
  useEffect(() => {
    // After "take next", and where the list has made room for it, reading goes on here; unless
    // somebody was quicker and has begun to write.
    if (isField(document.activeElement)) return
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
        {conversation && <State desk={desk} open={open} />}
      </div>
      <Actions desk={desk} open={open} />
      <IconButton
        class="context-button"
        icon="person"
        label={t('desk.action.context')}
        aria-pressed={contextShown}
        onClick={onContext}
      />
      {conversation && <About desk={desk} open={open} />}
    </header>
  )
}

function State({ desk, open }: { desk: Desk; open: Open }) {
  const { state } = open.conversation.value!
  const { priority, until } = standings(desk, open)
  const level = priorityLevel(priority)
  return (
    <>
      <Badge kind={state === 'waiting' ? 'warning' : 'neutral'}>
        {state === 'snoozed' && until
          ? t('desk.thread.snoozed_until', { time: moment(until) })
          : t(`desk.state.${state}`)}
      </Badge>
      {level !== 'normal' && (
        <Badge kind={level === 'urgent' ? 'danger' : level === 'high' ? 'warning' : 'neutral'}>
          {priorityName(priority)}
        </Badge>
      )}
      {open.context.value?.blocked && <Badge kind="danger">{t('desk.context.blocked')}</Badge>}
    </>
  )
}

/** The promise first, then what it is about; tags last, since there may be many. */
function About({ desk, open }: { desk: Desk; open: Open }) {
  const conversation = open.conversation.value!
  return (
    <p class="thread-about muted">
      <DueClock desk={desk} open={open} />
      {conversation.topic && <span>{topicName(conversation.topic)}</span>}
      <span>{t(`desk.channel.${conversation.channel}`)}</span>
      <span>{languageName(conversation.language, language.value)}</span>
      {standings(desk, open).tags.map((tag) => (
        <span key={tag} class="tag" dir="auto">
          {tag}
        </span>
      ))}
    </p>
  )
}

/** What is due and when; paused it says so instead of counting. */
function DueClock({ desk, open }: { desk: Desk; open: Open }) {
  const { sla } = standings(desk, open)
  const found = open.conversation.value?.state === 'resolved' ? null : due(sla, now.value)
  if (!found || !sla) return null
  const what = t(`desk.sla.kind.${sla.kind}`)
  const time = 'ms' in found ? elapsed(found.ms) : ''
  return (
    <span
      class={`thread-due ${found.state} tabular`}
      title={sla.due_at ? exact(sla.due_at) : t('desk.sla.paused_why')}
    >
      <Icon name="clock" size={14} />
      {`${what}: ${t(`desk.sla.${found.state}`, { time })}`}
    </span>
  )
}

function Actions({ desk, open }: { desk: Desk; open: Open }) {
  if (!open.standing.value) return null
  const lock = open.lock.value
  const { state } = open.standing.value
  return (
    <div class="thread-actions">
      {lock === 'waiting' && (
        <Button
          kind="primary"
          small
          busy={desk.taking.busy.value === 'take'}
          onClick={() => void desk.taking.take()}
          aria-keyshortcuts="a"
        >
          {t('desk.action.take')}
        </Button>
      )}
      {state === 'snoozed' && (
        <Button small onClick={() => void desk.thread.handling.wake(open)}>
          {t('desk.action.wake')}
        </Button>
      )}
      {lock === null && (
        <>
          <Button small onClick={() => desk.thread.resolve()} aria-keyshortcuts="e">
            {t('desk.action.resolve')}
          </Button>
          {state !== 'snoozed' && (
            <Button
              class="resolve-next"
              small
              onClick={() => desk.thread.resolve(true)}
              aria-keyshortcuts="Shift+e"
            >
              {t('desk.action.resolve_next')}
            </Button>
          )}
        </>
      )}
      <Menu class="thread-menu" label={t('desk.action.more')} items={() => items(desk, open)} />
    </div>
  )
}

/** Everything else that can be done with it, each with its key. */
function items(desk: Desk, open: Open): MenuItem[] {
  const { handling } = desk.thread
  const map = desk.keys.map.value
  const key = (command: Command) => {
    const found = map[command]
    return found && shown(found)
  }
  const ask = (what: 'snooze' | 'tags' | 'transfer' | 'priority' | 'merge' | 'block') => ({
    key: what,
    label: t(`desk.action.${what}`),
    hint: what === 'block' ? undefined : key(what),
    onChoose: () => {
      handling.asking.value = what
    },
  })
  const { lock } = open
  const over = lock.value === 'resolved'
  const blocked = open.context.value?.blocked
  const all: (MenuItem | false)[] = [
    lock.value === null && ask('snooze'),
    ask('tags'),
    !over && ask('transfer'),
    ask('priority'),
    {
      key: 'follow',
      label: t(open.following.value ? 'desk.action.unfollow' : 'desk.action.follow'),
      hint: key('follow'),
      onChoose: () => void handling.follow(open),
    },
    ask('merge'),
    lock.value === null && {
      key: 'release',
      label: t('desk.action.release'),
      hint: key('release'),
      onChoose: () => void desk.taking.release(),
    },
    blocked
      ? {
          key: 'unblock',
          label: t('desk.action.unblock'),
          onChoose: () => void handling.unblock(open),
        }
      : { ...ask('block'), danger: true },
  ]
  return all.filter((item) => item !== false)
}
