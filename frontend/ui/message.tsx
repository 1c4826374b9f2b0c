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
  /** Under the text: citation, suggestions, retry. */
  children?: ComponentChildren
}

/** One message as a bubble. What people wrote goes by its own direction and keeps its lines. */
export function Message(props: MessageProps) {
  const { side, author, body, at, language, status, failed, children } = props
  return (
    <div class={`message ${side} ${failed ? 'failed' : ''} ${author ? '' : 'same'}`}>
      {author && (
        <div class="message-author" dir="auto">
          {author}
        </div>
      )}
      <div class="bubble">
        <div class="message-body" dir="auto" lang={language ?? undefined}>
          {body}
        </div>
        {children}
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
