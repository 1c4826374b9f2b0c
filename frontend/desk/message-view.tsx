import type { MessageRow } from '../core/conversation.ts'
import { t } from '../core/i18n.ts'
import type { MessageData } from '../core/types.ts'
import { Picture } from '../pictures/shown.tsx'
import { Button } from '../ui/button.tsx'
import { Message } from '../ui/message.tsx'
import type { Desk } from './desk.ts'
import { me } from './session.ts'

export interface MessageViewProps {
  desk: Desk
  row: MessageRow
  first: boolean
  /** What the buyer is called here: a visitor has no name of their own. */
  buyer: string
}

/** One message as staff sees it: the house at the end of the line, the others at its start. */
export function MessageView({ desk, row, first, buyer }: MessageViewProps) {
  const { message } = row
  const { author, kind } = message
  const house = author.party !== 'buyer' && author.party !== 'seller'
  return (
    <div class={`said by-${kind === 'note' ? 'note' : author.party}`}>
      <Message
        side={kind === 'note' ? 'note' : house ? 'own' : 'theirs'}
        author={first ? authorName(message, buyer) : null}
        body={message.body}
        at={row.at}
        language={message.language}
        failed={row.delivery === 'failed'}
        status={<Status row={row} />}
      >
        <Extras message={message} />
      </Message>
      {row.delivery === 'failed' && <Failed desk={desk} row={row} />}
    </div>
  )
}

function authorName({ author, kind }: MessageData, buyer: string): string {
  const name = author.id === me().id ? t('desk.message.you') : author.name
  const fallback = author.party === 'buyer' ? buyer : t(`desk.message.${author.party}`)
  if (kind === 'note') return `${t('desk.message.note')} · ${name || fallback}`
  return author.party === 'assistant' ? fallback : name || fallback
}

function Status({ row }: { row: MessageRow }) {
  if (row.delivery === 'sending') return <span>{t('desk.message.sending')}</span>
  if (row.delivery === 'failed') {
    const reason = row.problem?.detail || row.problem?.title
    return (
      <span class="failed-text" role="alert">
        {reason ? t('desk.message.failed', { reason }) : t('desk.message.failed_unknown')}
      </span>
    )
  }
  if (row.message.author.id !== me().id || row.message.kind === 'note') return null
  return <span>{t('desk.message.stored')}</span>
}

function Failed({ desk, row }: { desk: Desk; row: MessageRow }) {
  return (
    <div class="failed-actions">
      <Button small kind="quiet" onClick={() => desk.live.retry(row.key)}>
        {t('desk.message.retry')}
      </Button>
      <Button small kind="quiet" onClick={() => desk.thread.takeBack(row.key)}>
        {t('desk.message.edit')}
      </Button>
    </div>
  )
}

/** What the assistant cited and offered, what was masked: so that nothing is asked twice. */
function Extras({ message: { kind, extra, author } }: { message: MessageData }) {
  if (!extra) return null
  const cited = kind === 'answer' ? extra.question : null
  const offered = extra.suggestions ?? []
  return (
    <>
      {extra.files && (
        <div class="pictures">
          {extra.files.map((file) => (
            <div key={file.id}>
              <Picture file={file} />
            </div>
          ))}
        </div>
      )}
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
