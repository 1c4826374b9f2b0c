import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { embedded, shown, tell } from './bridge.ts'
import { back, canGoBack } from './router.ts'

/** Where the menu is open; the menu itself is loaded then. */
export const menuOpen = signal(false)

export function close(): void {
  tell({ type: 'close' })
}

/** Menu and close: in the corner of every view. */
export function Corner() {
  return (
    <div class="corner">
      <IconButton
        icon="menu"
        label={t('panel.menu')}
        aria-haspopup="dialog"
        onClick={() => {
          menuOpen.value = true
        }}
      />
      {embedded && <IconButton icon="close" label={t('panel.close')} onClick={close} />}
    </div>
  )
}

/** The heading that takes the focus when its view appears: a screen reader says where one is. */
export function useHeadingFocus() {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (shown.value && !document.querySelector('dialog[open]')) heading.current?.focus()
  }, [])
  return heading
}

export interface ScreenProps {
  title: string
  subtitle?: ComponentChildren
  children: ComponentChildren
  footer?: ComponentChildren
  class?: string
}

/** One view: back, title, corner; what scrolls; what stays at the end. */
export function Screen({ title, subtitle, children, footer, class: name }: ScreenProps) {
  const heading = useHeadingFocus()
  return (
    <div class={`screen ${name ?? ''}`}>
      <header class="bar">
        {canGoBack.value && <IconButton icon="back" label={t('panel.back')} onClick={back} />}
        <div class="bar-title">
          <h1 ref={heading} tabIndex={-1}>
            <bdi>{title}</bdi>
          </h1>
          {subtitle && <p class="bar-subtitle">{subtitle}</p>}
        </div>
        <Corner />
      </header>
      <main class="body">{children}</main>
      {footer && <footer class="foot">{footer}</footer>}
    </div>
  )
}
