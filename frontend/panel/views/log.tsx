import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { ChangeRow, MessageRow, Row } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import { dayKey, dayName } from '../../core/time.ts'
import type { Author } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { Message } from '../../ui/message.tsx'
import { connect, giveUp, retry } from '../chat.ts'
import { draft } from '../drafts.ts'
import { lazy } from '../lazy.tsx'
import { AnswerExtras } from './answer_extras.tsx'
import { Body } from './body.tsx'
import { Picture, pictures } from './pictures.ts'

const marks = () => import('../../quick/marks.tsx')
const RequestState = lazy(marks, 'RequestState', true)
const RequestNotice = lazy(marks, 'RequestNotice', true)

interface Props {
  id: string
  rows: Row[]
  me: Author
  state: string
}

/** What was said, by days. A log region: what comes new is read out, politely. */
export function Log({ id, rows, me, state }: Props) {
  const last = rows.filter((row) => row.type === 'message' && row.message.kind === 'answer').pop()
  let day = ''
  let speaker = ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div class="log" role="log" aria-label={t('panel.log')} tabIndex={0}>
      {rows.map((row) => {
        const newDay = dayKey(row.at) !== day
        day = dayKey(row.at)
        const said =
          row.type === 'message' && row.message.kind !== 'notice' ? row.message.author : null
        const who = said ? `${said.party} ${said.id}` : ''
        const same = who === speaker && !newDay
        speaker = who
        return (
          <div key={row.key}>
            {newDay && <p class="day">{dayName(row.at)}</p>}
            {row.type === 'change' ? (
              <Change row={row} />
            ) : row.message.kind === 'notice' && row.message.extra?.request ? (
              <RequestNotice message={row.message} />
            ) : row.message.kind === 'notice' ? (
              <p class="change" dir="auto">
                {row.message.body}
              </p>
            ) : (
              <Said id={id} row={row} me={me} same={same} open={row === last && state === 'bot'} />
            )}
          </div>
        )
      })}
      {state === 'bot' && <Thinking last={rows[rows.length - 1]} me={me} />}
    </div>
  )
}

const THINKING = 12_000

/** The assistant is on it: shown for a moment, never for ever. */
function Thinking({ last, me }: { last: Row | undefined; me: Author }) {
  const said = last?.type === 'message' && last.message.author.id === me.id ? last : null
  // What is asked of an order is answered by others: the assistant does not think about it.
  const asked = said && !said.message.extra?.request ? said.key : null
  const shown = useSignal<string | null>(null)
  useEffect(() => {
    shown.value = asked
    const timer = setTimeout(() => {
      shown.value = null
    }, THINKING)
    return () => clearTimeout(timer)
  }, [asked])
  if (!asked || shown.value !== asked) return null
  return (
    <p class="thinking">
      <span class="visually-hidden">{t('panel.thinking')}</span>
    </p>
  )
}

interface SaidProps {
  id: string
  row: MessageRow
  me: Author
  same: boolean
  /** The last answer, while the assistant is still in charge: its buttons can be used. */
  open: boolean
}

function Said({ id, row, me, same, open }: SaidProps) {
  const { message, delivery, at } = row
  const { author, extra } = message
  const own = author.id === me.id && author.party === me.party
  const name = own
    ? t('panel.you')
    : author.party === 'assistant'
      ? t('panel.assistant')
      : author.name
  return (
    <Message
      side={own ? 'own' : 'theirs'}
      author={same ? null : name}
      body={
        message.kind === 'answer' ? (
          <Body text={message.body} language={message.language ?? ''} />
        ) : (
          message.body
        )
      }
      at={at}
      language={message.language}
      failed={delivery === 'failed'}
      status={own && <Status row={row} />}
    >
      {extra?.files && (
        <div class="pictures">
          {extra.files.map((file) => (
            <div key={file.id}>
              <Picture file={file} />
            </div>
          ))}
        </div>
      )}
      {delivery === 'failed' && <Failed id={id} row={row} />}
      {own && !!extra?.request && <RequestState id={id} message={message} />}
      {message.kind === 'answer' && extra && (
        <AnswerExtras id={id} messageId={message.message_id} answer={extra} open={open} />
      )}
    </Message>
  )
}

function Status({ row }: { row: MessageRow }) {
  return <span>{t(`panel.delivery.${row.delivery}`)}</span>
}

/** A refused message keeps its text: send again, or take it back into the field and change it. */
function Failed({ id, row }: { id: string; row: MessageRow }) {
  const clientId = row.key
  const edit = () => {
    const text = draft(id)
    text.value = text.value ? `${row.message.body}\n${text.value}` : row.message.body
    pictures.value?.basketFor(id).restore(row.message.extra?.files ?? [])
    giveUp(clientId)
    document.querySelector<HTMLElement>('.foot textarea')?.focus()
  }
  const opening = connect().outbox.find(clientId)?.open
  return (
    <div class="failed-why" role="alert">
      <p class="small">{row.problem?.detail || row.problem?.title || t('panel.trouble.other')}</p>
      <div class="choices">
        <Button small onClick={() => retry(clientId)}>
          {t('panel.retry')}
        </Button>
        {!opening && (
          <Button small onClick={edit}>
            {t('panel.edit')}
          </Button>
        )}
      </div>
    </div>
  )
}

/** What happened between the messages, in the buyer's words; null = nothing to say. */
export function changeText({ event }: ChangeRow): string | null {
  if (event.kind === 'assigned')
    return event.data.operator ? t('panel.change.joined', { name: event.data.operator.name }) : null
  if (event.kind === 'joined') return t('panel.change.kept')
  if (event.kind === 'order')
    return event.data.order_ref ? t('panel.change.order', { ref: event.data.order_ref }) : null
  if (event.kind !== 'state') return null
  const { from, to } = event.data
  if (to === 'waiting')
    return from === 'resolved'
      ? t('panel.change.reopened')
      : from === 'assigned'
        ? t('panel.change.returned')
        : t('panel.change.waiting')
  if (to === 'resolved' || to === 'deferred' || to === 'snoozed') return t(`panel.change.${to}`)
  return null
}

function Change({ row }: { row: ChangeRow }) {
  const text = changeText(row)
  return text ? (
    <p class="change" dir="auto">
      {text}
    </p>
  ) : null
}
