import { useEffect, useRef } from 'preact/hooks'
import type { Row } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import type { Author } from '../../core/types.ts'
import { Composer } from '../../ui/composer.tsx'
import { Answering } from '../../ui/quote.tsx'
import { connect, say } from '../chat.ts'
import { draft } from '../drafts.ts'
import { start } from '../state.ts'
import { loadPictures, pictures } from './pictures.ts'
import { answering, changing, mayEdit, nameOf } from './talk.ts'

const QUESTION_LIMIT = 140
const MESSAGE_LIMIT = 4000

interface Props {
  id: string
  state: string
  rows: Row[]
  me: Author
}

/** Where one writes, what it answers, and the files that wait beside the text. */
export function Write({ id, state, rows, me }: Props) {
  useEffect(loadPictures, [])
  useTyping(id, state !== 'bot')
  const { Pick, Waiting, basketFor } = pictures.value ?? {}
  const basket = basketFor?.(id)
  const bot = state === 'bot'
  const limits = start.value
  const limit = bot
    ? (limits?.question_limit ?? QUESTION_LIMIT)
    : (limits?.message_limit ?? MESSAGE_LIMIT)
  const quote = answering(id)
  const send = (body: string) => {
    if (!basket?.full.value) {
      say(id, { body, quote: quote.value })
      quote.value = null
      return
    }
    return basket.whenReady((files) => {
      // It may leave a moment later, with what was written until then.
      say(id, { body: draft(id).value.trim(), files, quote: quote.value })
      draft(id).value = ''
      quote.value = null
      return true
    })
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && quote.value) {
      event.preventDefault()
      quote.value = null
    }
    if (event.key !== 'ArrowUp' || draft(id).value) return
    const own = (row: Row) => row.type === 'message' && row.message.author.id === me.id
    const last = rows.findLast(own)
    if (last?.type !== 'message' || !mayEdit(last, me, state, Date.now())) return
    event.preventDefault()
    changing.value = { message: last.message.message_id, what: 'edit' }
  }
  return (
    <>
      {quote.value && (
        <Answering
          title={t('panel.quote.to', {
            name: nameOf(quote.value.author, quote.value.author.party === me.party),
          })}
          text={quote.value.excerpt}
          cancelLabel={t('panel.quote.cancel')}
          onCancel={() => {
            quote.value = null
            document.querySelector<HTMLElement>('.foot textarea')?.focus()
          }}
        />
      )}
      {Waiting && basket && <Waiting basket={basket} area=".screen" />}
      <Composer
        key={id}
        before={Pick && basket && <Pick basket={basket} />}
        full={basket?.full.value ?? false}
        draft={draft(id)}
        limit={limit}
        counter={bot ? 'always' : 'near'}
        label={t('panel.write.label')}
        placeholder={t(bot ? 'panel.ask.placeholder' : 'panel.write.placeholder')}
        sendLabel={t('panel.write.send')}
        count={(used, most) => t('panel.count', { used, limit: most })}
        tooLong={(most) => t(bot ? 'panel.ask.too_long' : 'panel.write.too_long', { limit: most })}
        onKeyDown={keyDown}
        onSend={send}
      />
    </>
  )
}

/** Others see that somebody writes; nobody sees what, and a machine need not know. */
function useTyping(id: string, told: boolean): void {
  const text = draft(id).value
  const before = useRef(text)
  useEffect(() => {
    if (text === before.current) return
    before.current = text
    if (told) connect().typing(id, !!text.trim())
  }, [text, told])
}
