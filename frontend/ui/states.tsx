import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import './states.css'

/** The shape of what comes. `label` is read out once; the grey lines are not. */
export function Skeleton({ label, lines = 3 }: { label: string; lines?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="bone" />
      ))}
    </div>
  )
}

export interface EmptyProps {
  title: string
  /** What will appear here. */
  children?: ComponentChildren
  /** The first step: a button. */
  action?: ComponentChildren
  icon?: IconName
}

export function Empty({ title, children, action, icon }: EmptyProps) {
  return (
    <div class="empty">
      {icon && <Icon name={icon} size={28} />}
      <p class="empty-title">{title}</p>
      {children && <p class="muted">{children}</p>}
      {action}
    </div>
  )
}

export interface NoticeProps {
  kind?: 'info' | 'success' | 'warning' | 'danger'
  /** Say it at once (an error after an action), politely (a change), or not at all. */
  live?: 'assertive' | 'polite' | 'off'
  action?: ComponentChildren
  children: ComponentChildren
}

/** A strip with something to know, and at most one thing to do. */
export function Notice({ kind = 'info', live = 'polite', action, children }: NoticeProps) {
  const role = live === 'assertive' ? 'alert' : live === 'polite' ? 'status' : undefined
  return (
    <div class={`notice ${kind}`}>
      <div class="notice-text" role={role}>
        {children}
      </div>
      {action}
    </div>
  )
}
