import './case.css'
import type { Case, CaseStep } from '../../core/cases.ts'
import { isOwn } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { exact } from '../../core/time.ts'
import { CaseFiles } from './files.tsx'

/** Everything that happened, the newest first. */
export function Timeline({ item }: { item: Pick<Case, 'viewer' | 'timeline'> }) {
  const steps = [...item.timeline].sort((a, b) => b.no - a.no)
  return (
    <section class="case-part" aria-labelledby="case-timeline">
      <h2 id="case-timeline">{t('case.timeline')}</h2>
      <ol class="case-timeline">
        {steps.map((step) => (
          <li key={step.no} class={step.by.party}>
            <p class="case-step-head">
              <strong dir="auto">{step.title}</strong>
              <time class="muted tabular" dateTime={step.at}>
                {exact(step.at)}
              </time>
            </p>
            <p class="muted small">{speaker(item, step)}</p>
            {step.text && (
              <p class="case-words" dir="auto">
                {step.text}
              </p>
            )}
            <CaseFiles files={step.files} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function speaker(item: Pick<Case, 'viewer'>, { by }: CaseStep): string {
  if (by.party === 'system') return t('case.party.system')
  if (isOwn(item, by.party) && item.viewer !== 'staff') return t('case.party.you')
  const party = t(`case.party.${by.party}`)
  return by.name ? t('case.party.named', { name: isolated(by.name), party }) : party
}

/** A name keeps its own direction inside a sentence of another one. */
const isolated = (name: string) => `\u2068${name}\u2069`
