import type { Desk } from './desk.ts'
import { buyerName } from './inbox.ts'
import type { Open } from './open.ts'
import type { Clock } from './thread-types.ts'

const ORDINARY = 5

export interface Standing {
  tags: readonly string[]
  priority: number
  until: string | null
  sla: Clock | null
  name: string
}

/**
 * How a conversation stands: the stream knows best, as soon as it is here; what it does not tell
 * (promises) and what was so from the beginning is in the lists and the context.
 */
export function standings(desk: Desk, open: Open): Standing {
  const thread = open.followed.thread.value
  const listed = desk.lists.list.value.rows.find(({ id }) => id === open.id)
  const row = listed ?? open.context.value?.row ?? desk.lists.find(open.id)
  const conversation = open.conversation.value
  const told = open.followed.caughtUp.value || thread.seq > 0
  return {
    tags: told ? thread.tags : (row?.tags ?? []),
    priority: thread.priority ?? row?.priority ?? ORDINARY,
    until: thread.until ?? row?.snoozed_until ?? null,
    sla: row?.sla ?? null,
    name: conversation ? buyerName(conversation) : '',
  }
}
