import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from '../ui/icon.tsx'

export interface RowProps {
  title: ComponentChildren
  /** A second, quieter line. */
  detail?: ComponentChildren
  icon?: IconName
  badge?: ComponentChildren
  onClick(): void
}

/** A line of a list that leads somewhere; the whole line is the target. */
export function Row({ title, detail, icon, badge, onClick }: RowProps) {
  return (
    <button type="button" class="row" onClick={onClick}>
      {icon && <Icon name={icon} />}
      <span class="row-text">
        <span class="row-title">
          <bdi>{title}</bdi>
        </span>
        {detail && <span class="row-detail">{detail}</span>}
      </span>
      {badge}
      <Icon name="forward" size={16} />
    </button>
  )
}

export function List({ label, children }: { label?: string; children: ComponentChildren }) {
  return (
    <ul class="list" aria-label={label}>
      {children}
    </ul>
  )
}
