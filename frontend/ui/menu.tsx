import './menu.css'
import './more_icons.ts'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { IconButton } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'

export interface MenuItem {
  key: string
  label: string
  icon?: IconName
  danger?: boolean
  /** The single key that does the same. */
  hint?: string | undefined
  onChoose(): void
}

interface MenuProps {
  label: string
  items: () => readonly MenuItem[]
  class?: string
}

/**
 * A few actions behind one button, by the rules of ARIA menus: arrows, Home, End, first letters,
 * Esc gives the focus back. `label` names the button ("Actions for the message of 10:04"). What
 * can be done is asked when the menu opens: a hundred messages have a menu each, and few are opened.
 */
export function Menu(props: MenuProps) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = (back: boolean) => {
    setOpen(false)
    if (back) button.current?.focus()
  }
  return (
    <div class={`menu ${props.class ?? ''}`} data-open={open || undefined}>
      <IconButton
        innerRef={button}
        icon="menu"
        label={props.label}
        small
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      />
      {open && <MenuList {...props} button={button} close={close} />}
    </div>
  )
}

interface ListProps extends MenuProps {
  button: { current: HTMLButtonElement | null }
  close(back: boolean): void
}

function MenuList({ label, items, button, close }: ListProps) {
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    place(button.current!, list.current!)
    button.current!.setAttribute('aria-controls', id)
    list.current!.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const away = (event: Event) => {
      const inside = event.composedPath()
      if (!inside.includes(list.current!) && !inside.includes(button.current!)) close(false)
    }
    const events = ['pointerdown', 'scroll', 'resize', 'blur'] as const
    for (const name of events) addEventListener(name, away, true)
    return () => {
      button.current?.removeAttribute('aria-controls')
      for (const name of events) removeEventListener(name, away, true)
    }
  }, [])
  return (
    <div
      ref={list}
      id={id}
      class="menu-list"
      role="menu"
      aria-label={label}
      onKeyDown={(event) => move(event, list.current!, close)}
    >
      {items().map(({ key, label: text, icon, danger, hint, onChoose }) => (
        <button
          key={key}
          type="button"
          role="menuitem"
          tabIndex={-1}
          class={danger ? 'danger' : ''}
          onClick={() => {
            close(true)
            onChoose()
          }}
        >
          {icon && <Icon name={icon} size={18} />}
          {text}
          {hint && <kbd class="menu-hint">{hint}</kbd>}
        </button>
      ))}
    </div>
  )
}

function move(event: KeyboardEvent, list: HTMLElement, close: (back: boolean) => void): void {
  const all = [...list.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const at = all.indexOf(document.activeElement as HTMLElement)
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }
  const { key } = event
  if (key === 'Escape' || key === 'Tab') {
    close(key === 'Escape')
    if (key === 'Escape') event.preventDefault()
    return
  }
  const next =
    key in steps
      ? all.at(steps[key]! % all.length)
      : all.find((item) => item.textContent?.toLowerCase().startsWith(key.toLowerCase()))
  if (!next) return
  event.preventDefault()
  event.stopPropagation()
  next.focus()
}

/** Under its button, or above it where there is no room; never out of the window. */
function place(button: HTMLElement, list: HTMLElement): void {
  const from = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = list
  const under = from.bottom + height <= innerHeight - 8
  const inline = Math.max(8, Math.min(from.left, innerWidth - width - 8))
  const block = Math.max(8, under ? from.bottom : from.top - height)
  list.style.inset = `${block}px auto auto ${inline}px`
}
