import type { ComponentChildren } from 'preact'
import './badge.css'

/** A small label: state of an order, language, count. */
export function Badge({
  kind = 'neutral',
  children,
}: {
  kind?: 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'note'
  children: ComponentChildren
}) {
  return <span class={`badge ${kind}`}>{children}</span>
}
