import './quote.css'
import type { ComponentChildren } from 'preact'
import { IconButton } from './button.tsx'

export interface QuoteProps {
  author: string
  /** What was said; null = it is gone (`gone` says so). */
  text: string | null
  gone: string
  /** "Go to the quoted message"; without `onJump` it cannot be pressed. */
  label?: string
  onJump?: (() => void) | undefined
}

/** What a message answers: a press leads to it. */
export function Quote({ author, text, gone, label, onJump }: QuoteProps) {
  const inside = (
    <>
      <span class="quote-author" dir="auto">
        {author}
      </span>
      <span class="quote-text" dir="auto">
        {text ?? gone}
      </span>
    </>
  )
  if (!onJump || text === null) return <blockquote class="quote">{inside}</blockquote>
  return (
    <blockquote class="quote-holder">
      <button type="button" class="quote" title={label} onClick={onJump}>
        {inside}
      </button>
    </blockquote>
  )
}

/** Above the field: what the next message answers, and a way not to. */
export function Answering(props: {
  title: ComponentChildren
  text: string
  cancelLabel: string
  onCancel(): void
}) {
  return (
    <div class="answering">
      <div class="quote">
        <span class="quote-author">{props.title}</span>
        <span class="quote-text" dir="auto">
          {props.text}
        </span>
      </div>
      <IconButton icon="close" label={props.cancelLabel} onClick={props.onCancel} />
    </div>
  )
}

/** Lead to a message that is drawn: it is shown, marked for a moment, and takes the focus. */
export function jumpTo(messageId: string, area: ParentNode = document): boolean {
  const element = area.querySelector<HTMLElement>(`[data-message="${CSS.escape(messageId)}"]`)
  if (!element) return false
  element.scrollIntoView({ block: 'center' })
  element.tabIndex = -1
  element.focus({ preventScroll: true })
  element.classList.add('found')
  setTimeout(() => element.classList.remove('found'), 1600)
  return true
}
