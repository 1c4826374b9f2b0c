import type { MessageRow } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import { clock, exact, now } from '../../core/time.ts'
import type { Author, FileInfo } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { Linked } from '../../ui/linked.tsx'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { Message } from '../../ui/message.tsx'
import { Quote } from '../../ui/quote.tsx'
import { ReceiptMark } from '../../ui/receipt.tsx'
import { connect, giveUp, retry } from '../chat.ts'
import { draft } from '../drafts.ts'
import { lazy } from '../lazy.tsx'
import { AnswerExtras } from './answer_extras.tsx'
import { Body } from './body.tsx'
import { Countdown } from './countdown.tsx'
import { File, isPicture, Picture, pictures } from './pictures.ts'
import { answering, changing, mayDelete, mayEdit, nameOf, quoteOf } from './talk.ts'

const RequestState = lazy(() => import('../../quick/marks.tsx'), 'RequestState', true)
const ChangeBox = lazy(() => import('./change_box.tsx'), 'ChangeBox', true)

export interface SaidProps {
  id: string
  row: MessageRow
  me: Author
  state: string
  same: boolean
  /** The newest of one's own: its mark is said in words. */
  newest: boolean
  /** The last answer, while the assistant is still in charge: its buttons can be used. */
  open: boolean
  onJump(messageId: string): void
}

/** One message of the log: its words, what it answers, its files, and what can be done with it. */
export function Said(props: SaidProps) {
  const { id, row, me, same, open } = props
  const { message, delivery, at, seq } = row
  const { author, extra, deleted } = message
  const own = author.id === me.id && author.party === me.party
  const change = changing.value?.message === message.message_id ? changing.value : null
  return (
    <Message
      id={message.message_id}
      seq={seq}
      side={own ? 'own' : 'theirs'}
      author={same ? null : nameOf(author, own)}
      body={change ? <ChangeBox id={id} message={message} what={change.what} /> : words(row)}
      at={at}
      language={message.language}
      failed={delivery === 'failed'}
      gone={!!deleted}
      status={<Status row={row} own={own} newest={props.newest} />}
      before={extra?.quote && !deleted && <Answered {...props} />}
      menu={seq !== null && !deleted && !change && <Actions {...props} />}
    >
      {extra?.files && <Files files={extra.files} />}
      {delivery === 'failed' && <Failed id={id} row={row} />}
      {own && !!extra?.request && <RequestState id={id} message={message} />}
      {message.kind === 'answer' && extra && (
        <AnswerExtras id={id} messageId={message.message_id} answer={extra} open={open} />
      )}
    </Message>
  )
}

function words({ message }: MessageRow) {
  if (message.deleted) return t('panel.deleted')
  if (message.kind === 'answer')
    return <Body text={message.body} language={message.language ?? ''} />
  return <Linked text={message.body} />
}

function Files({ files }: { files: FileInfo[] }) {
  const images = files.filter(isPicture)
  return (
    <>
      {images.length > 0 && (
        <div class="pictures">
          {images.map((file) => (
            <div key={file.id}>
              <Picture file={file} />
            </div>
          ))}
        </div>
      )}
      {files
        .filter((file) => !isPicture(file))
        .map((file) => (
          <File key={file.id} file={file} />
        ))}
    </>
  )
}

/** What the message answers, as it is now; a press leads there. */
function Answered({ row, me, onJump }: SaidProps) {
  const { message, quoted } = row
  const quote = message.extra!.quote!
  const own = quoted ? quoted.author.id === me.id : quote.author.party === me.party
  const now = quoted?.body || quote.excerpt
  return (
    <Quote
      author={nameOf(quote.author, own)}
      text={quoted?.deleted ? null : now}
      gone={t('panel.deleted')}
      label={t('panel.quote.go')}
      onJump={quoted && (() => onJump(quote.message_id))}
    />
  )
}

function Actions({ id, row, me, state }: SaidProps) {
  const { message } = row
  const { message_id, body } = message
  const change = (what: 'edit' | 'delete') => () => {
    changing.value = { message: message_id, what }
  }
  const quote = () => {
    answering(id).value = quoteOf(row)
    document.querySelector<HTMLElement>('.foot textarea')?.focus()
  }
  const items = (): (MenuItem | false)[] => [
    { key: 'quote', label: t('panel.quote.do'), icon: 'reply', onChoose: quote },
    !!body && {
      key: 'copy',
      label: t('panel.copy'),
      icon: 'copy',
      onChoose: () => void navigator.clipboard?.writeText(body),
    },
    mayEdit(row, me, state, now.value) && {
      key: 'edit',
      label: t('panel.edit'),
      icon: 'edit',
      onChoose: change('edit'),
    },
    mayDelete(row, me) && {
      key: 'delete',
      label: t('panel.delete.do'),
      icon: 'trash',
      danger: true,
      onChoose: change('delete'),
    },
  ]
  return (
    <Menu
      label={t('panel.message_menu', { at: clock(row.at) })}
      items={() => items().filter((item) => item !== false)}
    />
  )
}

function Status({ row, own, newest }: { row: MessageRow; own: boolean; newest: boolean }) {
  const { delivery, held, message } = row
  const { edited, deleted } = message
  if (deleted) return null
  return (
    <>
      {edited && <span title={exact(edited.at)}>{t('panel.edited')}</span>}
      {own && held && (
        <span>
          {held.title}. <Countdown what="send" until={held.until} />
        </span>
      )}
      {own && delivery === 'failed' && <span>{t('panel.delivery.failed')}</span>}
      {own && delivery !== 'failed' && (
        <ReceiptMark
          delivery={delivery}
          label={t(`panel.delivery.${delivery}`)}
          spoken={newest || delivery === 'sending'}
        />
      )}
    </>
  )
}

/** A refused message keeps its text: send again, or take it back into the field and change it. */
function Failed({ id, row }: { id: string; row: MessageRow }) {
  const clientId = row.key
  const { problem } = row
  const change = () => {
    const text = draft(id)
    text.value = text.value ? `${row.message.body}\n${text.value}` : row.message.body
    answering(id).value ??= row.message.extra?.quote ?? null
    pictures.value?.basketFor(id).restore(row.message.extra?.files ?? [])
    giveUp(clientId)
    document.querySelector<HTMLElement>('.foot textarea')?.focus()
  }
  const opening = connect().outbox.find(clientId)?.open
  const until = problem?.code === 'blocked' && Date.parse(String(problem.params?.until))
  return (
    <div class="failed-why" role="alert">
      <p class="small">
        {until ? (
          <>
            {problem!.title}. <Countdown what="write" until={until} />
          </>
        ) : (
          problem?.detail || problem?.title || t('panel.trouble.other')
        )}
      </p>
      <div class="choices">
        <Button small onClick={() => retry(clientId)}>
          {t('panel.retry')}
        </Button>
        {!opening && (
          <Button small onClick={change}>
            {t('panel.edit')}
          </Button>
        )}
      </div>
    </div>
  )
}
