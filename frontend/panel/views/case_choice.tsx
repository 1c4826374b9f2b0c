import type { FieldProblem } from '../../core/case_form.ts'
import type { CaseForm, CaseFormLine, CaseReasonChoice } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { problemWords } from '../../ui/case/fields.tsx'
import { Amount } from '../../ui/case/money.tsx'
import { dueShort } from '../../ui/case/until.ts'

interface LineProps {
  form: CaseForm
  line: CaseFormLine | null
  problem: FieldProblem | undefined
  onChoose(position: number): void
}

/** Which item it is about; the only one needs no choice. */
export function LineChoice({ form, line, problem, onChoose }: LineProps) {
  if (form.lines.length < 2) {
    if (!line) return null
    return (
      <p class="case-step-head">
        <strong dir="auto">{line.title}</strong>
        <Amount value={line.total} />
      </p>
    )
  }
  return (
    <fieldset class="case-field">
      <legend class="case-label">{t('case.new.line')}</legend>
      {problem && <p class="case-error">{problemWords(problem)}</p>}
      {form.lines.map((one, index) => (
        <label key={one.position} class="case-option">
          <input
            id={index ? undefined : 'case-line'}
            type="radio"
            name="case-line"
            checked={line?.position === one.position}
            aria-invalid={problem ? 'true' : undefined}
            onChange={() => onChoose(one.position)}
          />
          <span class="case-option-text">
            <span dir="auto">{one.title}</span>
            <span class="muted small" dir="auto">
              {one.store.name}
            </span>
          </span>
          <span class="case-option-end">
            {one.quantity > 1 && <span class="tabular">{one.quantity} × </span>}
            <Amount value={one.total} />
          </span>
        </label>
      ))}
    </fieldset>
  )
}

interface ReasonProps {
  form: CaseForm
  chosen: CaseReasonChoice | null
  problem: FieldProblem | undefined
  onChoose(key: string): void
}

/** What happened: what is possible first, and why the rest is not. */
export function ReasonChoice({ form, chosen, problem, onChoose }: ReasonProps) {
  const open = form.reasons.filter((one) => one.possible || one.contact_first)
  const shut = form.reasons.filter((one) => !open.includes(one))
  return (
    <fieldset class="case-field">
      <legend class="case-label">{t('case.new.reason')}</legend>
      {problem && <p class="case-error">{problemWords(problem)}</p>}
      {open.length === 0 && <p>{t('case.new.none_possible')}</p>}
      {open.map((one, index) => (
        <label key={one.key} class="case-option">
          <input
            id={index ? undefined : 'case-reason'}
            type="radio"
            name="case-reason"
            checked={chosen?.key === one.key}
            aria-invalid={problem ? 'true' : undefined}
            onChange={() => onChoose(one.key)}
          />
          <span class="case-option-text">
            <span dir="auto">{one.label}</span>
            {(chosen?.key === one.key || !chosen) && (
              <span class="muted small" dir="auto">
                {one.help}
              </span>
            )}
          </span>
        </label>
      ))}
      {shut.length > 0 && (
        <details class="case-more" open={open.length === 0}>
          <summary>{t('case.new.not_possible', { n: shut.length })}</summary>
          <ul class="case-shut">
            {shut.map((one) => (
              <li key={one.key}>
                <strong dir="auto">{one.label}</strong>
                <span dir="auto">{one.why}</span>
                {one.not_before && (
                  <span class="tabular">
                    {t('case.new.not_before', { at: dueShort(one.not_before) })}
                  </span>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </fieldset>
  )
}
