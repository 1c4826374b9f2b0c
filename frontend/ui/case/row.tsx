import './case.css'
import '../more_icons.ts'
import type { CaseRow } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { date } from '../../core/time.ts'
import { Badge } from '../badge.tsx'
import { Icon } from '../icon.tsx'
import { Due } from './due.tsx'
import { Amount } from './money.tsx'

export interface CaseLineProps {
  row: CaseRow
  /** Who is on the other side, where that helps: `buyer` in a seller's list. */
  other?: 'buyer' | 'store' | null
  selected?: boolean
  /** A link, so that it opens in a tab of its own; `onOpen` may keep it in this one. */
  href?: string
  onOpen(event: MouseEvent): void
}

/** A case in a list; the whole line is the target. */
export function CaseLine({ row, other, selected, href, onOpen }: CaseLineProps) {
  const name = other === 'buyer' ? row.buyer_name : other === 'store' ? row.store_name : null
  const inside = (
    <>
      <span class="case-line-main">
        <span class="case-line-title">
          {row.unread && <span class="case-dot" role="img" aria-label={t('case.row.unread')} />}
          <bdi>{row.title}</bdi>
        </span>
        <span class="muted small">
          <span dir="auto">{row.reason_label}</span>
          {name && (
            <>
              {' · '}
              <bdi>{name}</bdi>
            </>
          )}
          {' · '}
          <span class="tabular">{row.number}</span>
        </span>
        <Due row={row} />
        {row.closed_at && (
          <span class="muted small">
            {t('case.row.closed', { at: date(row.closed_at) })}
            {row.outcome_label && <span dir="auto"> · {row.outcome_label}</span>}
          </span>
        )}
      </span>
      <span class="case-line-side">
        {row.amount && <Amount value={row.amount} />}
        {row.alarm && <Badge kind="danger">{t('case.row.alarm')}</Badge>}
        {row.yours && !row.closed_at ? (
          <Badge kind="warning">{t('case.row.yours')}</Badge>
        ) : (
          <Badge kind={row.closed_at ? 'neutral' : 'accent'}>{row.state_label}</Badge>
        )}
      </span>
      <Icon name="forward" size={16} />
    </>
  )
  const classes = `case-line ${row.yours ? 'yours' : ''}`
  return href ? (
    <a class={classes} href={href} aria-current={selected ? 'true' : undefined} onClick={onOpen}>
      {inside}
    </a>
  ) : (
    <button
      type="button"
      class={classes}
      aria-current={selected ? 'true' : undefined}
      onClick={onOpen}
    >
      {inside}
    </button>
  )
}
