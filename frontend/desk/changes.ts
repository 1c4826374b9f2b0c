import type { ChangeRow } from '../core/conversation.ts'
import { has, t } from '../core/i18n.ts'
import { exact } from '../core/time.ts'
import type { Holder, NamedPerson, StateData } from '../core/types.ts'
import { inSentence } from './inbox.ts'
import { teamName } from './team-names.ts'

export interface Names {
  /** The buyer, as the operator calls them. */
  buyer: string
  /** Id of who is looking. */
  me: string
}

/** A change in words; null where another event says it already. `tags`: those before it. */
export function describe(
  event: ChangeRow['event'],
  { buyer, me }: Names,
  tags: readonly string[] = [],
): string | null {
  const name = inSentence(buyer)
  switch (event.kind) {
    case 'joined':
      return t('desk.event.joined', { name })
    case 'order': {
      const ref = event.data.order_ref
      return ref ? t('desk.event.order', { ref }) : t('desk.event.order_none')
    }
    case 'assigned':
      return taken(event.data.operator, me)
    case 'state':
      return stateChange(event.data, name, me)
    case 'transferred':
      return transferred(event.data.to, event.data.by, me)
    case 'tags':
      return tagged(tags, event.data.tags, event.data.by, me)
    case 'priority':
      return t('desk.event.priority', {
        name: who(event.data.by, me),
        priority: priorityName(event.data.priority),
      })
    case 'rated':
      return t('desk.event.rated', {
        name,
        score: event.data.score,
        reason: ratingReason(event.data.reason) || 'none',
      })
    case 'merged': {
      const key = event.data.into ? 'desk.event.merged_into' : 'desk.event.merged_from'
      return t(key, { name: who(event.data.by, me) })
    }
    case 'split': {
      const key = event.data.into ? 'desk.event.split_into' : 'desk.event.split_from'
      return t(key, { name: who(event.data.by, me) })
    }
  }
}

/** Who did something, in a sentence about it. */
export function who(person: NamedPerson | null | undefined, me: string): string {
  if (!person) return t('desk.message.system')
  return person.id === me ? t('desk.event.you') : inSentence(person.name)
}

export { teamName }

/** A priority in words: the level it belongs to. */
export function priorityName(priority: number): string {
  return t(`desk.priority.${priorityLevel(priority)}`)
}

export const PRIORITIES = { urgent: 1, high: 3, normal: 5, low: 7 } as const
export type PriorityLevel = keyof typeof PRIORITIES

/** The level of a number; a smaller one is more urgent. */
export function priorityLevel(priority: number): PriorityLevel {
  if (priority <= 2) return 'urgent'
  if (priority < 5) return 'high'
  return priority === 5 ? 'normal' : 'low'
}

/** The reason a buyer chose with a rating; one without a text of ours as the server keeps it. */
export function ratingReason(reason: string | null): string {
  if (!reason) return ''
  const key = `desk.rating.${reason}`
  return has(key) ? t(key) : reason.replaceAll('_', ' ')
}

function taken(operator: NamedPerson | null | undefined, me: string): string | null {
  if (!operator) return null
  if (operator.id === me) return t('desk.event.assigned_you')
  return t('desk.event.assigned', { name: inSentence(operator.name) })
}

function transferred(to: Holder, by: NamedPerson | null, me: string): string {
  const name = who(by, me)
  if (to.operator) {
    if (to.operator.id === me) return t('desk.event.transferred_you', { name })
    return t('desk.event.transferred', { name, to: inSentence(to.operator.name) })
  }
  return t('desk.event.transferred_team', { name, to: teamName(to.team ?? '') })
}

function tagged(
  before: readonly string[],
  after: readonly string[],
  by: NamedPerson | null,
  me: string,
): string | null {
  const list = (tags: readonly string[]) => tags.map(inSentence).join(', ')
  const added = after.filter((tag) => !before.includes(tag))
  const removed = before.filter((tag) => !after.includes(tag))
  const name = who(by, me)
  if (added.length && removed.length)
    return t('desk.event.tags_both', { name, added: list(added), removed: list(removed) })
  if (added.length) return t('desk.event.tags_added', { name, tags: list(added), n: added.length })
  if (!removed.length) return null
  return t('desk.event.tags_removed', { name, tags: list(removed), n: removed.length })
}

function stateChange(
  { from, to, operator, reason, until }: StateData,
  name: string,
  me: string,
): string | null {
  switch (to) {
    case 'assigned':
      if (from === 'snoozed')
        return t(reason === 'due' ? 'desk.event.woken_due' : 'desk.event.woken')
      return taken(operator, me)
    case 'waiting':
      if (from === 'assigned') return t('desk.event.released')
      return t(from === null || from === 'bot' ? 'desk.event.waiting' : 'desk.event.reopened', {
        name,
      })
    case 'resolved':
      if (reason === 'by_buyer') return t('desk.event.resolved_buyer', { name })
      return operator
        ? t('desk.event.resolved_by', { name: inSentence(operator.name) })
        : t('desk.event.resolved')
    case 'deferred':
      if (reason === 'absent') return t('desk.event.deferred_absent', { name })
      return t('desk.event.deferred', { name })
    case 'snoozed':
      return until ? t('desk.event.snoozed_until', { time: exact(until) }) : t('desk.event.snoozed')
    case 'bot':
      return from === null ? null : t('desk.event.bot')
  }
}
