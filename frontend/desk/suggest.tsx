import { type ReadonlySignal, type Signal, useComputed, useSignal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { Mode } from './compose.ts'
import type { Desk } from './desk.ts'
import { best } from './fuzzy.ts'
import { actionsInWords } from './macro-words.ts'
import { type Asked, asked, replaced, textIn } from './macros.ts'
import type { Open } from './open.ts'
import { me } from './session.ts'
import type { Colleague, Macro } from './thread-types.ts'
import { putCaret, takeMacro } from './use-macro.ts'

const MOST = 8

type Choice =
  | { kind: 'macro'; id: string; name: string; macro: Macro }
  | { kind: 'person'; id: string; name: string; person: Colleague }

export interface Suggesting {
  id: string
  choices: ReadonlySignal<readonly Choice[]>
  at: Signal<number>
  preview: (macro: Macro) => string
  /** What else it does, in words. */
  doing: (macro: Macro) => string
  choose(choice: Choice | undefined): void
  keyDown(event: KeyboardEvent): void
}

interface Parts {
  desk: Desk
  open: Open
  mode: Mode
  field: RefObject<HTMLTextAreaElement | null>
}

/** Macros after `/` in a reply, colleagues after `@` in a note: typed, chosen, put in place. */
export function useSuggest({ desk, open, mode, field }: Parts): Suggesting {
  const id = useId()
  const question = useSignal<Asked | null>(null)
  const at = useSignal(0)
  const choices = useComputed<readonly Choice[]>(() => {
    const wanted = question.value
    if (!wanted) return []
    if (wanted.sign === '/') {
      const found = best(wanted.query, desk.known.macros.value, ({ name, key }) => `${name} ${key}`)
      return found
        .slice(0, MOST)
        .map((macro) => ({ kind: 'macro', id: macro.id, name: macro.name, macro }))
    }
    const others = desk.known.operators.value.filter((one) => one.id !== me().id)
    const found = best(wanted.query, others, ({ name }) => name)
    return found
      .slice(0, MOST)
      .map((person) => ({ kind: 'person', id: person.id, name: person.name, person }))
  })
  useAsking({ desk, open, mode, field }, question, at)
  useMarks(field, id, choices, at)

  const choose = (choice: Choice | undefined) => {
    const wanted = question.peek()
    const area = field.current
    if (!choice || !wanted || !area) return
    question.value = null
    const text = open.texts[mode]
    if (choice.kind === 'macro') return takeMacro(desk, open, choice.macro, area, wanted)
    const [next, caret] = replaced(text.peek(), wanted, `@${choice.name} `)
    open.mentions.value = [...open.mentions.peek(), { id: choice.id, name: choice.name }]
    text.value = next
    putCaret(area, next, caret)
  }
  const keyDown = (event: KeyboardEvent) => {
    const all = choices.peek()
    if (!question.peek() || event.isComposing) return
    const stop = () => {
      event.preventDefault()
      event.stopPropagation()
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') {
      question.value = null
      stop()
    } else if (all.length && step) {
      at.value = (at.peek() + step + all.length) % all.length
      stop()
    } else if (all.length && ['Enter', 'Tab'].includes(event.key) && !plain(event)) {
      choose(all[at.peek()])
      stop()
    }
  }
  const preview = (macro: Macro) => textIn(macro, open.conversation.peek()?.language ?? 'en')
  const doing = (macro: Macro) => actionsInWords(macro.actions, desk.known.nameOf)
  return { id, choices, at, preview, doing, choose, keyDown }
}

/** With a modifier the key has another meaning, as for sending. */
const plain = (event: KeyboardEvent) => event.ctrlKey || event.metaKey || event.altKey

/** Keeps what is being asked before the caret. */
function useAsking(
  { desk, open, mode, field }: Parts,
  question: Signal<Asked | null>,
  at: Signal<number>,
): void {
  useEffect(() => {
    const area = field.current
    if (!area) return
    const sign = mode === 'reply' ? '/' : '@'
    const look = (event: Event) => {
      if ((event as InputEvent).isComposing) return
      const found = asked(open.texts[mode].peek(), area.selectionStart, sign)
      const before = question.peek()
      if (found && !before) desk.known.load()
      if (found?.query !== before?.query) at.value = 0
      question.value = found
    }
    const end = () => {
      question.value = null
    }
    area.addEventListener('input', look)
    area.addEventListener('click', look)
    area.addEventListener('blur', end)
    return () => {
      area.removeEventListener('input', look)
      area.removeEventListener('click', look)
      area.removeEventListener('blur', end)
    }
  }, [desk, open, mode])
}

/** What the field says to whoever hears it instead of seeing the list. */
function useMarks(
  field: RefObject<HTMLTextAreaElement | null>,
  id: string,
  choices: ReadonlySignal<readonly Choice[]>,
  at: Signal<number>,
): void {
  const some = choices.value.length > 0
  const current = some ? `${id}-${at.value}` : ''
  useEffect(() => {
    const marks = { 'aria-controls': some && id, 'aria-activedescendant': current }
    for (const [name, value] of Object.entries(marks)) {
      if (value) field.current?.setAttribute(name, value)
      else field.current?.removeAttribute(name)
    }
  }, [some, current])
}

/** The list above the field. */
export function Suggest({ suggest }: { suggest: Suggesting }) {
  const { id, choices, at, preview, choose } = suggest
  const all = choices.value
  if (!all.length) return null
  const current = all[at.value]
  return (
    <div class="suggest">
      <div id={id} class="palette" role="listbox" aria-label={t('desk.suggest.label')}>
        {all.map((choice, index) => (
          <div
            key={choice.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at.value}
            tabIndex={-1}
            // Before the field loses the focus and the list goes.
            onPointerDown={(event) => {
              event.preventDefault()
              choose(choice)
            }}
          >
            <bdi>{choice.name}</bdi>
            {choice.kind === 'person' && (
              <span class="muted">{t(`desk.colleague.${presence(choice.person)}`)}</span>
            )}
          </div>
        ))}
      </div>
      {current?.kind === 'macro' && (
        <div class="suggest-preview">
          <p dir="auto">{preview(current.macro)}</p>
          {current.macro.actions.length > 0 && <p class="muted">{suggest.doing(current.macro)}</p>}
        </div>
      )}
    </div>
  )
}

/** Whether a colleague is here, in one word. */
export function presence({ connected, state }: Pick<Colleague, 'connected' | 'state'>) {
  if (!connected || state === 'off') return 'away'
  return state === 'paused' ? 'paused' : 'here'
}
