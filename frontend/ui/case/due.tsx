import './case.css'
import '../more_icons.ts'
import type { Case, CaseRow } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { now } from '../../core/time.ts'
import { Icon } from '../icon.tsx'
import { dueShort, dueText, left, urgency, zoneName } from './until.ts'

/** The loudest thing of a case: what happens now, who must act, until when, and what if nobody does. */
export function DueBanner({ item }: { item: Case }) {
  const { due_at, yours, closed_at } = item
  const near = due_at && !closed_at ? urgency(due_at, now.value) : 'calm'
  return (
    <section
      class={`case-due ${yours ? 'yours' : ''} ${near} ${closed_at ? 'closed' : ''}`}
      aria-labelledby={`due-${item.id}`}
    >
      <p class="case-eyebrow">{t(closed_at ? 'case.due.ended' : 'case.due.now')}</p>
      <h2 id={`due-${item.id}`} class="case-now" dir="auto">
        {closed_at ? (item.outcome?.label ?? item.state_label) : item.now}
      </h2>
      {closed_at ? (
        item.outcome?.text && <p dir="auto">{item.outcome.text}</p>
      ) : (
        <dl class="case-due-facts">
          <div>
            <dt>{t('case.due.who')}</dt>
            <dd>
              <strong dir="auto">{yours ? t('case.due.you') : item.who}</strong>
            </dd>
          </div>
          {due_at && (
            <div>
              <dt>{t('case.due.until')}</dt>
              <dd>
                <time class="case-date tabular" dateTime={due_at} title={zoneName(due_at)}>
                  {dueText(due_at, now.value)}
                </time>
                <span class={`case-left ${near}`}>
                  {near !== 'calm' && <Icon name="clock" size={16} />}
                  {near === 'late' ? t('case.due.passed') : left(due_at, now.value)}
                  <span class="case-zone">{t('case.due.own_time')}</span>
                </span>
              </dd>
            </div>
          )}
          {item.silence && (
            <div>
              <dt>{t('case.due.silence')}</dt>
              <dd dir="auto">{item.silence}</dd>
            </div>
          )}
        </dl>
      )}
    </section>
  )
}

/** The date by which something must be done, in a list. */
export function Due({ row }: { row: Pick<CaseRow, 'due_at' | 'closed_at'> }) {
  if (!row.due_at || row.closed_at) return null
  const near = urgency(row.due_at, now.value)
  return (
    <time class={`case-due-small tabular ${near}`} dateTime={row.due_at}>
      {near !== 'calm' && <Icon name="clock" size={14} />}
      {t('case.due.by', { at: dueShort(row.due_at) })}
      <span class="case-due-left">
        {near === 'late' ? t('case.due.passed') : left(row.due_at, now.value)}
      </span>
    </time>
  )
}
