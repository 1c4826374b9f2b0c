import type { ComponentChildren } from 'preact'
import { clock, exact } from '../core/time.ts'
import './message.css'

export interface MessageProps {
  /** `own` stands at the end of the line, `theirs` at its start; a `note` looks like nothing else. */
  side: 'own' | 'theirs' | 'note'
  /** Null where the message before is of the same author. */
  author: string | null
  /** Text as written, or an answer that has been laid out. */
  body: ComponentChildren
  at: string
  language?: string | null
  /** "Sending", "Not sent": text beside the time. */
  status?: ComponentChildren
  failed?: boolean
  /** Deleted: its place stays, its words do not. */
  gone?: boolean
  /** Before the text: what it answers. */
  before?: ComponentChildren
  /** Under the text: citation, suggestions, retry. */
  children?: ComponentChildren
  /** Beside the bubble: what can be done with it. */
  menu?: ComponentChildren
  /** By these it is found: to jump to it, and to know whether it was read. */
  id?: string
  seq?: number | null
}

/** One message as a bubble. What people wrote goes by its own direction and keeps its lines. */
export function Message(props: MessageProps) {
  const { side, author, body, at, language, status, failed, children, menu } = props
  return (
    <div
      class={`message ${side} ${failed ? 'failed' : ''} ${props.gone ? 'gone' : ''} ${author ? '' : 'same'}`}
      data-message={props.id}
      data-seq={props.seq ?? undefined}
    >
      {author && (
        <div class="message-author" dir="auto">
          {author}
        </div>
      )}
      <div class="bubble">
        {props.before}
        <div class="message-body" dir="auto" lang={language ?? undefined}>
          {body}
        </div>
        {children}
        {menu}
      </div>
      <div class="message-meta tabular">
        <time dateTime={at} title={exact(at)}>
          {clock(at)}
        </time>
        {status}
      </div>
    </div>
  )
}
