import './quick.css'
import '../ui/more_icons.ts'
import { useSignal } from '@preact/signals'
import { t } from '../core/i18n.ts'
import type { MessageData } from '../core/types.ts'
import { askPerson, conversation } from '../panel/chat.ts'
import { Button } from '../ui/button.tsx'
import { Icon, type IconName } from '../ui/icon.tsx'
import { markOf, type Progress, progress } from './fix.ts'
import { ready } from './texts.ts'

const ICONS: Record<Progress, IconName> = {
  asked: 'clock',
  overdue: 'clock',
  person: 'person',
  done: 'check',
  refused: 'alert',
}

/** Under the buyer's own message: how far what was asked is. */
export function RequestState({ id, message }: { id: string; message: MessageData }) {
  const mark = markOf(message)
  const busy = useSignal(false)
  const { thread } = conversation(id)
  if (!mark || !ready()) return null
  const messages = thread.value.items.flatMap((event) =>
    event.kind === 'message' ? [event.data] : [],
  )
  const reached = progress(mark.id, messages)
  const toPerson = async () => {
    busy.value = true
    await askPerson(id).catch(() => {})
    busy.value = false
  }
  return (
    <div class="quick-mark">
      {mark.text && (
        <p class="prose" dir="auto">
          {mark.text}
        </p>
      )}
      <p class={`quick-state ${reached}`}>
        <Icon name={ICONS[reached]} size={16} />
        {t(`quick.state.${reached}`)}
      </p>
      {reached === 'overdue' && thread.value.state === 'bot' && (
        <Button small busy={busy.value} onClick={toPerson}>
          {t('quick.person')}
        </Button>
      )}
    </div>
  )
}

/** What became of it, between the messages: as it was told, with its lines. */
export function RequestNotice({ message }: { message: MessageData }) {
  const mark = markOf(message)
  const state = mark?.state ?? 'asked'
  return (
    <div class={`quick-notice ${state}`}>
      <Icon name={state === 'done' ? 'check' : state === 'refused' ? 'alert' : 'clock'} size={18} />
      <p dir="auto" lang={message.language ?? undefined}>
        {message.body}
      </p>
    </div>
  )
}
