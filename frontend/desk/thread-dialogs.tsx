import './dialogs.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { exact } from '../core/time.ts'
import type { MessageData } from '../core/types.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Skeleton } from '../ui/states.tsx'
import { BlockDialog } from './block-dialog.tsx'
import { PRIORITIES, type PriorityLevel, priorityLevel } from './changes.ts'
import type { Desk } from './desk.ts'
import { inSentence } from './inbox.ts'
import { MacroDialog } from './macro-dialog.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import type { Open } from './open.ts'
import { Picker } from './picker.tsx'
import { api } from './session.ts'
import { SnoozeDialog } from './snooze-dialog.tsx'
import { standings } from './standings.ts'
import type { Edition } from './thread-types.ts'
import { TransferDialog } from './transfer-dialog.tsx'

export interface AskedProps {
  desk: Desk
  open: Open
  onClose: () => void
}

/** What the thread asks in a dialog of its own: fetched when the first one is wanted. */
export function ThreadDialogs({ desk, open }: { desk: Desk; open: Open }) {
  const { asking } = desk.thread.handling
  const what = asking.value
  const onClose = () => {
    asking.value = null
  }
  useEffect(() => desk.known.load(), [desk])
  const props = { desk, open, onClose }
  if (what === null) return null
  if (typeof what === 'object')
    return <History open={open} message={what.history} onClose={onClose} />
  switch (what) {
    case 'tags':
      return <TagsDialog {...props} />
    case 'snooze':
      return <SnoozeDialog {...props} />
    case 'transfer':
      return <TransferDialog {...props} />
    case 'priority':
      return <PriorityDialog {...props} />
    case 'merge':
      return <MergeDialog {...props} />
    case 'block':
      return <BlockDialog {...props} />
    case 'macros':
      return <MacroDialog {...props} />
  }
}

/** Tags on and off, one after the other, without leaving the keyboard. */
function TagsDialog({ desk, open, onClose }: AskedProps) {
  const { handling } = desk.thread
  const on = standings(desk, open).tags
  const all = [...on, ...desk.known.tags.value.filter((tag) => !on.includes(tag))]
  return (
    <Dialog title={t('desk.tags.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <Picker
        label={t('desk.tags.find')}
        none={t('desk.tags.none')}
        options={all.map((tag) => ({
          id: tag,
          text: tag,
          ...(on.includes(tag) && { hint: t('desk.tags.on') }),
          stays: true,
          run: () =>
            void (on.includes(tag) ? handling.tag(open, [], [tag]) : handling.tag(open, [tag])),
        }))}
        make={(text) =>
          all.some((tag) => tag.toLowerCase() === text.toLowerCase())
            ? null
            : {
                id: 'new tag',
                text: t('desk.tags.make', { tag: text }),
                stays: true,
                run: () => void handling.tag(open, [text]),
              }
        }
      />
    </Dialog>
  )
}

function PriorityDialog({ desk, open, onClose }: AskedProps) {
  const before = standings(desk, open).priority
  const levels = Object.keys(PRIORITIES) as PriorityLevel[]
  return (
    <Dialog title={t('desk.priority.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <Picker
        label={t('desk.priority.title')}
        none={t('desk.choose.none')}
        options={levels.map((level) => ({
          id: level,
          text: t(`desk.priority.${level}`),
          ...(priorityLevel(before) === level && { hint: t('desk.priority.now') }),
          run: () => {
            onClose()
            if (priorityLevel(before) !== level)
              void desk.thread.handling.priority(open, PRIORITIES[level], before)
          },
        }))}
      />
    </Dialog>
  )
}

/** Everything that a message has said, who changed it, and when. */
function History(props: { open: Open; message: MessageData; onClose: () => void }) {
  const { open, message, onClose } = props
  const editions = useSignal<Edition[] | 'failed' | null>(null)
  useEffect(() => {
    const path = { id: open.id, message_id: message.message_id }
    const url = '/api/v1/conversations/{id}/messages/{message_id}/history'
    api.get<Edition[]>(url, { path }).then(
      (found) => {
        editions.value = found
      },
      () => {
        editions.value = 'failed'
      },
    )
  }, [open, message, editions])
  const found = editions.value
  return (
    <Dialog title={t('desk.history.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      {found === null && <Skeleton label={t('desk.history.title')} />}
      {found === 'failed' && <p class="muted">{t('desk.choose.failed')}</p>}
      {Array.isArray(found) && (
        <ol class="editions">
          {found.map(({ body, at, by }) => (
            <li key={at}>
              <p class="muted">
                {by && <bdi>{inSentence(by.name)}</bdi>}{' '}
                <time class="tabular" dateTime={at}>
                  {exact(at)}
                </time>
              </p>
              <p class="edition" dir="auto">
                {body ?? <em>{t('desk.message.deleted')}</em>}
              </p>
            </li>
          ))}
        </ol>
      )}
    </Dialog>
  )
}
