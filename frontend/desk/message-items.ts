import type { MessageRow } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import type { MenuItem } from '../ui/menu.tsx'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import type { Open } from './open.ts'
import { path } from './routes.ts'

const EXCERPT = 140

/** What can be done with a message that is stored. */
export function messageItems(desk: Desk, open: Open, row: MessageRow, buyer: string): MenuItem[] {
  const items = [...telling(open, row, buyer), ...changing(desk, open, row)]
  return items.filter((item) => item !== false)
}

type Items = (MenuItem | false)[]

/** To say it again elsewhere. */
function telling(open: Open, row: MessageRow, buyer: string): Items {
  const { message, seq } = row
  return [
    message.kind !== 'notice' && {
      key: 'quote',
      label: t('desk.message.quote'),
      icon: 'reply',
      onChoose: () => quote(open, row, buyer),
    },
    message.body !== '' && {
      key: 'copy',
      label: t('desk.message.copy'),
      icon: 'copy',
      onChoose: () => void copy(message.body),
    },
    {
      key: 'link',
      label: t('desk.message.link'),
      icon: 'open',
      onChoose: () => {
        const place = { app: 'desk', view: 'all', id: open.id, at: seq ?? 0 } as const
        void copy(location.origin + path(place))
      },
    },
  ]
}

/** To change it, or what it belongs to. */
function changing(desk: Desk, open: Open, { message, at }: MessageRow): Items {
  const { writing, handling } = desk.thread
  return [
    writing.mayEdit(message, at) && {
      key: 'edit',
      label: t('desk.message.change'),
      icon: 'edit',
      onChoose: () => {
        writing.editing.value = message.message_id
      },
    },
    message.edited !== undefined && {
      key: 'history',
      label: t('desk.message.history'),
      icon: 'clock',
      onChoose: () => {
        handling.asking.value = { history: message }
      },
    },
    message.author.party === 'buyer' && {
      key: 'split',
      label: t('desk.message.split'),
      icon: 'box',
      onChoose: () => handling.split(open, message),
    },
    writing.mayDelete(message) && {
      key: 'delete',
      label: t('desk.message.delete'),
      icon: 'trash',
      danger: true,
      onChoose: () => writing.remove(open.id, message),
    },
  ]
}

/** What is said to staff only is quoted in notes only. */
function quote(open: Open, { message }: MessageRow, buyer: string): void {
  const { author, body, message_id, kind } = message
  const name = author.name || (author.party === 'buyer' ? buyer : t(`desk.message.${author.party}`))
  open.quote.value = {
    message_id,
    author: { name, party: author.party },
    excerpt: [...body].slice(0, EXCERPT).join(''),
    ...(kind === 'note' && { note: true }),
  }
  open.write(kind === 'note' ? 'note' : open.mode.peek())
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(t('desk.toast.copied'))
  } catch {
    toast(t('desk.toast.failed'))
  }
}
