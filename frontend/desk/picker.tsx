import { useComputed, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { best } from './fuzzy.ts'

export interface Option {
  id: string
  text: string
  /** What else it is found by. */
  also?: string
  /** Beside it: its key, what kind of thing it is. */
  hint?: string
  kind?: 'key'
  /** What it would do, shown while it is under the cursor. */
  preview?: ComponentChildren
  /** The list stays for a further choice: what was typed goes. */
  stays?: boolean
  run: () => void
}

export interface PickerProps {
  label: string
  none: string
  options: readonly Option[]
  /** Something that is not in the list yet, made from what was typed. */
  make?: (text: string) => Option | null
  onText?: (text: string) => void
}

/** Type, move, Enter: one of many by its name. */
export function Picker({ label, none, options, make, onText }: PickerProps) {
  const query = useSignal('')
  const at = useSignal(0)
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const given = useSignal(options)
  given.value = options
  const fitting = useComputed(() => {
    const found = best(query.value, given.value, ({ text, also }) => `${text} ${also ?? ''}`)
    const made = query.value.trim() ? make?.(query.value.trim()) : null
    return made ? [...found, made] : found
  })
  const place = (length: number) => Math.max(0, Math.min(at.value, length - 1))
  const all = fitting.value
  const chosen = place(all.length)
  useEffect(() => {
    list.current?.children[chosen]?.scrollIntoView?.({ block: 'nearest' })
  }, [chosen])
  const choose = (option: Option | undefined) => {
    if (option?.stays) query.value = ''
    option?.run()
  }
  const keyDown = (event: KeyboardEvent) => {
    // Keys come faster than drawings: what was typed counts, not what is on the screen yet.
    const now = fitting.peek()
    const here = place(now.length)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) at.value = (here + step + now.length) % Math.max(1, now.length)
    if (event.key === 'Enter' && !event.isComposing) choose(now[here])
    if (step || event.key === 'Enter') event.preventDefault()
  }
  return (
    <>
      <input
        class="field"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={all.length ? `${id}-${chosen}` : undefined}
        aria-label={label}
        placeholder={label}
        autoFocus
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value
          at.value = 0
          onText?.(query.peek())
        }}
        onKeyDown={keyDown}
      />
      {all.length === 0 && <p class="muted">{none}</p>}
      <div id={`${id}-list`} class="palette" role="listbox" aria-label={label} ref={list}>
        {all.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={option.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            tabIndex={-1}
            onClick={() => choose(option)}
          >
            <span class="cut">
              <bdi>{option.text}</bdi>
            </span>
            {option.hint &&
              (option.kind === 'key' ? (
                <kbd>{option.hint}</kbd>
              ) : (
                <span class="muted small">{option.hint}</span>
              ))}
          </div>
        ))}
      </div>
      {all[chosen]?.preview && <div class="preview">{all[chosen].preview}</div>}
    </>
  )
}
