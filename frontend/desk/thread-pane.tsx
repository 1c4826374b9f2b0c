import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/states.tsx'
import { mayReply } from './compose.ts'
import type { Desk } from './desk.ts'
import { buyerName } from './inbox.ts'
import type { Open } from './open.ts'
import { register, type ThreadCommand } from './registry.ts'
import { ReplyBox } from './reply-box.tsx'
import { Head, type HeadProps } from './thread-head.tsx'
import { ThreadLog } from './thread-log.tsx'
import { takeMacro } from './use-macro.ts'

export function ThreadPane({ desk, open, onContext, contextShown }: HeadProps) {
  useCommands(desk, open)
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
      {conversation && <Asked desk={desk} open={open} />}
    </section>
  )
}

/** The keys and the palette reach what the thread can do, as long as it is on the screen. */
function useCommands(desk: Desk, open: Open): void {
  useEffect(() => {
    const { handling } = desk.thread
    const here = () => open.conversation.peek() !== null
    const ask = (what: Exclude<ThreadCommand, 'follow' | 'macros'>, available = here) =>
      register(what, {
        run: () => {
          handling.asking.value = what
        },
        available,
      })
    const endings = [
      ask('tags'),
      ask('priority'),
      ask('merge'),
      ask('snooze', () => here() && open.lock.peek() === null),
      ask('transfer', () => here() && open.lock.peek() !== 'resolved'),
      register('follow', { run: () => void handling.follow(open), available: here }),
      register('macros', {
        run: (which) => {
          const macro = desk.known.macros.peek().find(({ id }) => id === which)
          if (macro) takeMacro(desk, open, macro, null, null)
          else handling.asking.value = 'macros'
        },
        available: () => here() && mayReply(open.lock.peek()),
      }),
    ]
    return () => {
      handling.asking.value = null
      for (const end of endings) end()
    }
  }, [desk, open])
}

/** The dialogs of the thread, fetched when the first one is asked for. */
function Asked({ desk, open }: { desk: Desk; open: Open }) {
  const dialogs = useSignal<ComponentType<{ desk: Desk; open: Open }> | null>(null)
  const asking = desk.thread.handling.asking.value !== null
  useEffect(() => {
    if (asking && !dialogs.peek())
      void import('./thread-dialogs.tsx').then(({ ThreadDialogs }) => {
        dialogs.value = ThreadDialogs
      })
  }, [asking, dialogs])
  const Dialogs = dialogs.value
  return asking && Dialogs ? <Dialogs desk={desk} open={open} /> : null
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
