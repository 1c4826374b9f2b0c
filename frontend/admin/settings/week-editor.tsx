import { language, t } from '../../core/i18n.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import {
  DAYS,
  type Day,
  onWorkingDays,
  overMidnight,
  type Span,
  type Spans,
  troubles,
  withSpans,
} from './hours.ts'

// A Monday, to ask Intl for the names of the days.
const MONDAY = Date.UTC(2024, 0, 1)
const DAY_MS = 24 * 3600 * 1000
const MORNING: Span = ['09:00', '18:00']

export function dayName(day: string): string {
  const at = DAYS.indexOf(day as Day)
  const format = new Intl.DateTimeFormat(language.value, { weekday: 'long', timeZone: 'UTC' })
  return format.format(MONDAY + at * DAY_MS)
}

interface WeekProps {
  week: Spans
  onChange: (week: Spans) => void
}

/** The hours of a week, day by day; an interval may end on the next day. */
export function WeekEditor({ week, onChange }: WeekProps) {
  const wrong = troubles(week)
  return (
    <div class="week">
      {DAYS.map((day) => (
        <div class="week-day" key={day}>
          <span class="week-name">{dayName(day)}</span>
          <SpansEditor
            name={dayName(day)}
            spans={week[day] ?? []}
            onChange={(spans) => onChange(withSpans(week, day, spans))}
          />
          {day === 'mon' && (week.mon ?? []).length > 0 && (
            <Button small kind="quiet" onClick={() => onChange(onWorkingDays(week, 'mon'))}>
              {t('admin.teams.copy')}
            </Button>
          )}
        </div>
      ))}
      <p class="field-error" role="alert">
        {wrong[0] && t(`admin.teams.trouble.${wrong[0].what}`, { day: dayName(wrong[0].day) })}
      </p>
    </div>
  )
}

interface SpansProps {
  name: string
  spans: Span[]
  onChange: (spans: Span[]) => void
}

export function SpansEditor({ name, spans, onChange }: SpansProps) {
  const set = (at: number, span: Span) =>
    onChange(spans.map((one, index) => (index === at ? span : one)))
  return (
    <div class="spans">
      {spans.length === 0 && <span class="muted">{t('admin.teams.closed')}</span>}
      {spans.map((span, at) => (
        <span class="span" key={at}>
          <Time
            label={t('admin.teams.from', { day: name })}
            value={span[0]}
            onChange={(time) => set(at, [time, span[1]])}
          />
          <span aria-hidden="true">–</span>
          <Time
            label={t('admin.teams.to', { day: name })}
            value={span[1]}
            onChange={(time) => set(at, [span[0], time])}
          />
          {overMidnight(span) && <span class="muted small">{t('admin.teams.next_day')}</span>}
          <IconButton
            icon="close"
            small
            label={t('admin.teams.remove_hours', { day: name })}
            onClick={() => onChange(spans.filter((_, index) => index !== at))}
          />
        </span>
      ))}
      <Button
        small
        kind="quiet"
        aria-label={t('admin.teams.add_hours_to', { day: name })}
        onClick={() => onChange([...spans, [...MORNING]])}
      >
        {t('admin.teams.add_hours')}
      </Button>
    </div>
  )
}

/** Browsers have no 24:00 in such a field: it is midnight, which means the same at an end. */
function Time(props: { label: string; value: string; onChange: (time: string) => void }) {
  return (
    <input
      class="field tabular"
      type="time"
      aria-label={props.label}
      value={props.value === '24:00' ? '00:00' : props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

interface ExceptionsProps {
  exceptions: Spans
  onChange: (exceptions: Spans) => void
}

/** Dates with other hours than their weekday: a holiday has none. */
export function ExceptionsEditor({ exceptions, onChange }: ExceptionsProps) {
  const dates = Object.keys(exceptions).sort()
  const format = new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeZone: 'UTC' })
  const add = (field: HTMLInputElement) => {
    if (!field.value || exceptions[field.value]) return
    onChange({ ...exceptions, [field.value]: [] })
    field.value = ''
  }
  return (
    <div class="week">
      {dates.map((date) => (
        <div class="week-day" key={date}>
          <span class="week-name tabular">{format.format(Date.parse(`${date}T00:00Z`))}</span>
          <SpansEditor
            name={format.format(Date.parse(`${date}T00:00Z`))}
            spans={exceptions[date] ?? []}
            onChange={(spans) => onChange({ ...exceptions, [date]: spans })}
          />
          <IconButton
            icon="close"
            small
            label={t('admin.teams.remove_date', { date })}
            onClick={() => {
              const { [date]: _, ...rest } = exceptions
              onChange(rest)
            }}
          />
        </div>
      ))}
      <label class="tool add-date">
        <span>{t('admin.teams.add_date')}</span>
        <input class="field" type="date" onChange={(event) => add(event.currentTarget)} />
      </label>
    </div>
  )
}
