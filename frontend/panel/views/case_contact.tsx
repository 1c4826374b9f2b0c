import type { FieldProblems, Values } from '../../core/case_form.ts'
import { check } from '../../core/case_form.ts'
import type { CaseField, CaseReasonChoice } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { Fields } from '../../ui/case/fields.tsx'
import { go } from '../router.ts'

const WAYS = ['store_form', 'messenger', 'email', 'other']

function fields(): CaseField[] {
  return [
    {
      name: 'contacted_at',
      label: t('case.contact.at'),
      kind: 'date',
      required: true,
    },
    {
      name: 'contacted_way',
      label: t('case.contact.way'),
      kind: 'choice',
      required: false,
      choices: WAYS.map((key) => ({ key, label: t(`case.contact.way.${key}`) })),
    },
  ]
}

export function contactedProblem(values: Values): FieldProblems {
  return check(fields(), values, 'EUR')
}

interface Props {
  order: string
  reason: CaseReasonChoice
  values: Values
  problems: FieldProblems
  onChange(name: string, value: string | boolean): void
}

/** The seller is to be asked first: write now, or say when one did so elsewhere. */
export function ContactFirst({ order, reason, values, problems, onChange }: Props) {
  return (
    <section class="case-card" aria-labelledby="case-contact">
      <h2 id="case-contact">{t('case.contact')}</h2>
      {reason.why && <p dir="auto">{reason.why}</p>}
      <Button icon="store" onClick={() => go({ name: 'order', order })}>
        {t('case.contact.write')}
      </Button>
      <p>{t('case.contact.already')}</p>
      <Fields
        id="case"
        fields={fields()}
        values={values}
        problems={problems}
        currency="EUR"
        basket={() => {
          throw new Error('there are no files here')
        }}
        onChange={onChange}
      />
    </section>
  )
}
