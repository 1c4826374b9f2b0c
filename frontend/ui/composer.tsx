import type { Signal } from '@preact/signals'
import type { ComponentChildren, Ref } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Button, type ButtonProps, IconButton } from './button.tsx'
import './composer.css'
import { graphemes } from './text.ts'

export interface ComposerProps {
  /** The draft; kept by the caller, emptied only when sending was taken. */
  draft: Signal<string>
  /** Characters as people count them. */
  limit: number
  label: string
  sendLabel: string
  /** Show the label on the button: where two kinds of text leave by the same field. */
  sendShown?: boolean
  placeholder?: string
  /** "126 of 140": always shown, or only from 80 % on. */
  count(used: number, limit: number): string
  counter?: 'always' | 'near'
  /** Why this cannot be sent: shown and announced; the text stays. */
  tooLong(limit: number): string
  /** Returns false when the text was not taken (it stays). */
  onSend(text: string): boolean | undefined
  /** Desk: Mod+Enter sends and Enter makes a line. Panel: Enter sends, Shift+Enter makes a line. */
  modEnter?: boolean
  rows?: number
  busy?: boolean
  /** There is something to send beside the text (pictures): the text may be empty. */
  full?: boolean
  /** Before the text in its field. */
  before?: ComponentChildren
  class?: string
  /** Between the text and the send button (desk: note switch, resolve). */
  children?: ComponentChildren
  inputRef?: Ref<HTMLTextAreaElement>
  onKeyDown?(event: KeyboardEvent): void
}

/** Where people write. It never loses a text: not on error, not by length, not during IME. */
export function Composer(props: ComposerProps) {
  const { draft, limit, counter = 'near', modEnter } = props
  const own = useRef<HTMLTextAreaElement>(null)
  const id = useId()
  const used = graphemes(draft.value.trim())
  const over = used > limit
  const shown = counter === 'always' || used > limit * 0.8

  useLayoutEffect(() => {
    const area = own.current!
    area.style.blockSize = 'auto'
    area.style.blockSize = `${area.scrollHeight + 2}px`
  }, [draft.value])

  const send = () => {
    const text = draft.value.trim()
    own.current?.focus()
    if (!(text || props.full) || over || props.busy) return
    if (props.onSend(text) !== false) draft.value = ''
  }

  const keyDown = (event: KeyboardEvent) => {
    props.onKeyDown?.(event)
    if (!sends(event, modEnter)) return
    event.preventDefault()
    send()
  }

  return (
    <form
      class={`composer ${over ? 'over' : ''} ${props.class ?? ''}`}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <label class="visually-hidden" for={id}>
        {props.label}
      </label>
      <div class="composer-field">
        {props.before}
        <textarea
          id={id}
          ref={(element) => {
            own.current = element
            assign(props.inputRef, element)
          }}
          dir="auto"
          rows={props.rows ?? 1}
          value={draft.value}
          placeholder={props.placeholder}
          enterkeyhint={modEnter ? 'enter' : 'send'}
          aria-invalid={over ? 'true' : undefined}
          aria-describedby={`${id}-info`}
          onInput={(event) => {
            draft.value = event.currentTarget.value
          }}
          onKeyDown={keyDown}
        />
        {!props.children && <SendButton {...props} over={over} />}
      </div>
      <div class="composer-info" id={`${id}-info`}>
        <span role="status">{over ? props.tooLong(limit) : ''}</span>
        {shown && <span class="composer-count tabular">{props.count(used, limit)}</span>}
      </div>
      {props.children && (
        <div class="composer-tools">
          {props.children}
          <SendButton {...props} over={over} />
        </div>
      )}
    </form>
  )
}

/** Whether a key means "send": never the Enter that ends a composition. */
function sends(event: KeyboardEvent, modEnter?: boolean): boolean {
  // keyCode 229: Safari ends a composition before it tells of the Enter that ended it.
  const composing = event.isComposing || event.keyCode === 229
  if (event.defaultPrevented || event.key !== 'Enter' || composing) return false
  return modEnter ? event.ctrlKey || event.metaKey : !event.shiftKey && !event.altKey
}

function SendButton(props: ComposerProps & { over: boolean }) {
  const { sendLabel, sendShown, draft, busy, over, full } = props
  const common: ButtonProps = {
    type: 'submit',
    kind: 'primary',
    icon: 'send',
    class: 'composer-send',
    busy: busy ?? false,
    'aria-disabled': !(draft.value.trim() || full) || over ? 'true' : undefined,
  }
  if (sendShown) return <Button {...common}>{sendLabel}</Button>
  return <IconButton {...common} icon="send" label={sendLabel} />
}

function assign<T>(ref: Ref<T> | undefined, value: T | null): void {
  if (typeof ref === 'function') ref(value)
  else if (ref) ref.current = value
}
