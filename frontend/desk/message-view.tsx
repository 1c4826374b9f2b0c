import type { MessageRow } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import { clock } from '../core/time.ts'
import type { MessageData } from '../core/types.ts'
import { Picture } from '../pictures/shown.tsx'
import { Button } from '../ui/button.tsx'
import { FileChip } from '../ui/file_chip.tsx'
import { Linked } from '../ui/linked.tsx'
import { Menu } from '../ui/menu.tsx'
import { Message } from '../ui/message.tsx'
import { Quote } from '../ui/quote.tsx'
import { ReceiptMark } from '../ui/receipt.tsx'
import type { Desk } from './desk.ts'
import { EditBox } from './edit-box.tsx'
import { messageItems } from './message-items.ts'
import type { Open } from './open.ts'
import { me } from './session.ts'

export interface MessageViewProps {
  desk: Desk
  open: Open
  row: MessageRow
  first: boolean
  /** What the buyer is called here: a visitor has no name of their own. */
  buyer: string
  editing: boolean
  /** Being deleted, which can still be taken back. */
  leaving: boolean
}

/** One message as staff sees it: the house at the end of the line, the others at its start. */
export function MessageView(props: MessageViewProps) {
  const { desk, open, row, first, buyer, editing, leaving } = props
  const { message } = row
  const { author, kind, deleted, message_id } = message
  const house = author.party !== 'buyer' && author.party !== 'seller'
  const gone = Boolean(deleted) || leaving
  const side = kind === 'note' ? 'note' : house ? 'own' : 'theirs'
  return (
    <div class={`said by-${kind === 'note' ? 'note' : author.party} ${gone ? 'gone' : ''}`}>
      <Message
        side={side}
        author={first ? authorName(message, buyer) : null}
        body={<Body message={message} gone={gone} editing={editing} desk={desk} open={open} />}
        at={row.at}
        language={message.language}
        failed={row.delivery === 'failed'}
        status={<Status row={row} desk={desk} />}
        before={!gone && !editing && <Answers row={row} open={open} buyer={buyer} />}
        id={message_id}
        seq={row.seq}
        menu={
          !gone &&
          row.seq !== null &&
          !editing && (
            <Menu
              label={t('desk.message.menu', { time: clock(row.at) })}
              items={() => messageItems(desk, open, row, buyer)}
            />
          )
        }
      >
        {!gone && !editing && <Extras message={message} />}
      </Message>
      {row.delivery === 'failed' && <Failed desk={desk} row={row} />}
    </div>
  )
}

function Body(props: {
  message: MessageData
  gone: boolean
  editing: boolean
  desk: Desk
  open: Open
}) {
  const { message, gone, editing, desk, open } = props
  if (gone) return <em>{t(message.deleted ? 'desk.message.deleted' : 'desk.message.leaving')}</em>
  if (editing) return <EditBox desk={desk} conversation={open.id} message={message} />
  const mentioned = message.extra?.mentions ?? []
  if (!mentioned.length) return <Linked text={message.body} />
  return <Mentioning text={message.body} names={mentioned.map(({ name }) => name)} />
}

/** A note with the colleagues it names. */
function Mentioning({ text, names }: { text: string; names: string[] }) {
  const found = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  const parts = text.split(new RegExp(`(@(?:${found}))`, 'g'))
  return (
    <>
      {parts.map((part, index) =>
        index % 2 ? (
          <bdi key={index} class="mention">
            {part}
          </bdi>
        ) : (
          <Linked key={index} text={part} />
        ),
      )}
    </>
  )
}

export function authorName({ author, kind }: Pick<MessageData, 'author' | 'kind'>, buyer: string) {
  const name = author.id === me().id ? t('desk.message.you') : author.name
  const fallback = author.party === 'buyer' ? buyer : t(`desk.message.${author.party}`)
  if (kind === 'note') return `${t('desk.message.note')} · ${name || fallback}`
  return author.party === 'assistant' ? fallback : name || fallback
}

/** What the message answers: as it is now where it is here, else as it was then. */
function Answers({ row, open, buyer }: { row: MessageRow; open: Open; buyer: string }) {
  const quote = row.message.extra?.quote
  if (!quote) return null
  const now = row.quoted
  const { party, name } = quote.author
  return (
    <Quote
      author={name || (party === 'buyer' ? buyer : t(`desk.message.${party}`))}
      text={now?.deleted ? null : now?.body || quote.excerpt || t('desk.message.no_text')}
      gone={t('desk.message.deleted')}
      label={t('desk.message.to_quoted')}
      onJump={now && (() => open.jumpTo(quote.message_id))}
    />
  )
}

function Status({ row, desk }: { row: MessageRow; desk: Desk }) {
  const { message, delivery, problem, held, seq } = row
  if (delivery === 'failed') {
    const reason = problem?.detail || problem?.title
    return (
      <span class="failed-text" role="alert">
        {reason ? t('desk.message.failed', { reason }) : t('desk.message.failed_unknown')}
      </span>
    )
  }
  if (held) return <span>{held.detail ?? t('desk.message.sending')}</span>
  if (delivery === 'sending') return <span>{t('desk.message.sending')}</span>
  const own = message.author.party === 'staff' && message.kind !== 'note'
  return (
    <>
      {message.edited && !message.deleted && (
        <button
          type="button"
          class="edited"
          onClick={() => {
            desk.thread.handling.asking.value = { history: message }
          }}
        >
          {t('desk.message.edited')}
        </button>
      )}
      {own && seq !== null && !message.deleted && (
        <ReceiptMark delivery={delivery} label={t(`desk.message.${delivery}`)} />
      )}
    </>
  )
}

function Failed({ desk, row }: { desk: Desk; row: MessageRow }) {
  return (
    <div class="failed-actions">
      <Button small kind="quiet" onClick={() => desk.live.retry(row.key)}>
        {t('desk.message.retry')}
      </Button>
      <Button small kind="quiet" onClick={() => desk.thread.writing.takeBack(row.key)}>
        {t('desk.message.edit')}
      </Button>
    </div>
  )
}

/** What the assistant cited and offered, what was masked: so that nothing is asked twice. */
function Extras({ message }: { message: MessageData }) {
  const { kind, extra, author } = message
  if (!extra) return null
  const cited = kind === 'answer' ? extra.question : null
  const offered = extra.suggestions ?? []
  return (
    <>
      <Files message={message} />
      {extra.machine && <span class="aside">{t('desk.message.machine')}</span>}
      {cited &&
        (cited.url ? (
          <a class="cited" href={cited.url} target="_blank" rel="noreferrer" dir="auto">
            {t('desk.message.cites', { title: cited.title })}
          </a>
        ) : (
          <span class="cited" dir="auto">
            {t('desk.message.cites', { title: cited.title })}
          </span>
        ))}
      {offered.length > 0 && (
        <span class="aside" dir="auto">
          {t('desk.message.suggested')}: {offered.map(({ title }) => title).join(' · ')}
        </span>
      )}
      {author.party === 'buyer' && typeof extra.question === 'string' && (
        <span class="aside">{t('desk.message.chose')}</span>
      )}
      {Array.isArray(extra.masked) && extra.masked.length > 0 && (
        <span class="aside">{t('desk.message.masked')}</span>
      )}
    </>
  )
}

/** Pictures are shown; any other file is a chip that downloads it, and never opens here. */
function Files({ message }: { message: MessageData }) {
  const files = message.extra?.files ?? []
  const pictures = files.filter(({ kind }) => kind !== 'file')
  const others = files.filter(({ kind }) => kind === 'file')
  return (
    <>
      {pictures.length > 0 && (
        <div class="pictures">
          {pictures.map((file) => (
            <div key={file.id}>
              <Picture file={file} />
            </div>
          ))}
        </div>
      )}
      {others.map((file) => (
        <FileChip
          key={file.id}
          file={file}
          label={t('desk.message.download', { name: file.name })}
        />
      ))}
    </>
  )
}
