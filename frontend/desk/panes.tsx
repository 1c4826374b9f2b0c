import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Empty } from '../ui/states.tsx'
import { ContextPane } from './context-pane.tsx'
import type { Desk } from './desk.ts'
import { InboxPane } from './inbox-pane.tsx'
import { route } from './routes.ts'
import { ThreadPane } from './thread-pane.tsx'
import { ViewRail } from './view-menu.tsx'

/** Inbox, thread, context side by side; one of them at a time where there is no room. */
export function Panes({ desk }: { desk: Desk }) {
  const place = route.value
  const context = useSignal(false)
  const id = place.app === 'desk' ? place.id : null
  useEffect(() => {
    if (place.app === 'desk') desk.show(place)
  }, [desk, place])
  useEffect(() => {
    context.value = false
  }, [id, context])
  const open = desk.open.value
  const shown = !id ? 'inbox' : context.value ? 'context' : 'thread'
  return (
    <main class="panes" data-shown={shown}>
      <h1 class="visually-hidden">{t('desk.name')}</h1>
      <ViewRail desk={desk} />
      <InboxPane desk={desk} />
      {open ? (
        <>
          <ThreadPane
            key={open.id}
            desk={desk}
            open={open}
            onContext={() => {
              context.value = !context.value
            }}
            contextShown={context.value}
          />
          <ContextPane
            key={`context-${open.id}`}
            desk={desk}
            open={open}
            onBack={() => {
              context.value = false
            }}
          />
        </>
      ) : (
        <section id="thread" class="thread none" tabIndex={-1} aria-label={t('desk.thread.none')}>
          <Empty icon="chat" title={t('desk.thread.none')}>
            {t('desk.thread.none_hint')}
          </Empty>
        </section>
      )}
    </main>
  )
}
