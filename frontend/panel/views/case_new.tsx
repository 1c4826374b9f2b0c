import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { check, data, type FieldProblems } from '../../core/case_form.ts'
import type { CaseForm, CaseFormLine, CaseReasonChoice } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { empty, idsOf, standing } from '../../ui/case/basket.ts'
import { Fields } from '../../ui/case/fields.tsx'
import { caseTrouble } from '../../ui/case/files.tsx'
import { Amount } from '../../ui/case/money.tsx'
import { Empty, Notice, Skeleton } from '../../ui/states.tsx'
import { useResource } from '../resource.ts'
import { go, replace } from '../router.ts'
import { Row } from '../row.tsx'
import { Screen } from '../screen.tsx'
import { session, signedIn } from '../state.ts'
import { Trouble } from '../trouble.tsx'
import { basketsOf, bringFiles } from './case_baskets.ts'
import { LineChoice, ReasonChoice } from './case_choice.tsx'
import { cases } from './case_client.ts'
import { ContactFirst, contactedProblem } from './case_contact.tsx'
import {
  type CaseDraft,
  caseDraft,
  changeDraft,
  dropDraft,
  fieldsOf,
  lineOf,
  most,
} from './case_draft.ts'

export interface CaseNewProps {
  order: string
  line?: number | null
  reason?: string | null
  conversation?: string | null
}

/** A new case about an order, with what was already said and uploaded filled in. */
export function CaseNew({ order, line, reason, conversation }: CaseNewProps) {
  const form = useResource(`${order} ${conversation} ${session.person.value?.id}`, () =>
    cases.form(order, { line: line ?? null, conversation: conversation ?? null }),
  )
  const place = `${session.person.value?.id}.${order}`
  const found = form.data.value
  useEffect(() => {
    if (found) void begin(place, found, { line, reason, conversation })
  }, [found])
  return (
    <Screen title={t('case.new')} subtitle={t('case.item.order', { ref: order })}>
      {!signedIn.value ? (
        <Empty icon="scale" title={t('case.mine.sign_in')}>
          {t('case.mine.sign_in_how')}
        </Empty>
      ) : form.problem.value ? (
        <Trouble problem={form.problem.value} retry={form.reload} />
      ) : !found || !caseDraft(place).value.filled ? (
        <Skeleton label={t('case.loading')} lines={5} />
      ) : (
        <Writing key={place} form={found} place={place} conversation={conversation ?? null} />
      )}
    </Screen>
  )
}

type Given = Pick<CaseNewProps, 'line' | 'reason' | 'conversation'>

/** What is known is filled in once; afterwards what stands there is the buyer's. */
async function begin(place: string, form: CaseForm, given: Given): Promise<void> {
  const draft = caseDraft(place).peek()
  const wanted = [given.reason, form.prefill.reason].find((key) =>
    form.reasons.some((one) => one.key === key && (one.possible || one.contact_first)),
  )
  const first = {
    line: given.line ?? draft.line,
    reason: (given.reason && wanted) || draft.reason || wanted || null,
    filled: true,
  }
  if (draft.filled) return changeDraft(place, first)
  const { text } = form.prefill
  if (given.conversation) await bringFiles(place, given.conversation).catch(() => {})
  changeDraft(place, { ...first, values: { ...draft.values, ...(text && { text }) } })
}

interface WritingProps {
  form: CaseForm
  place: string
  conversation: string | null
}

/** What was written so far, and sending it when its files are there. */
function useWriting({ form, place, conversation }: WritingProps) {
  const draft = caseDraft(place).value
  const line = lineOf(form, draft)
  const reason = form.reasons.find(({ key }) => key === draft.reason) ?? null
  const problems = useSignal<FieldProblems>({})
  const refused = useSignal<unknown>(null)
  const busy = useSignal(false)
  const waiting = useSignal(false)
  const element = useRef<HTMLFormElement>(null)
  const fields = reason ? fieldsOf(form, reason, line, draft) : []
  const own = reason ? basketsOf(place, reason) : new Map()
  const all = [...own.values()]
  const clear = (name: string) => {
    const { [name]: _, ...rest } = problems.value
    problems.value = rest
  }
  const choose = (change: Partial<CaseDraft>) => {
    problems.value = {}
    refused.value = null
    changeDraft(place, change)
  }
  const send = async () => {
    waiting.value = false
    busy.value = true
    refused.value = null
    try {
      const files = all.flatMap(({ items }) => idsOf(items.value))
      const opening = openingOf(form, reason!, line, caseDraft(place).peek(), conversation, files)
      const { case: opened, existed } = await cases.open(opening)
      empty(all)
      dropDraft(place)
      replace({ name: 'cases', id: opened.id, ...(existed && { existed: true }) })
    } catch (error) {
      refused.value = error
    }
    busy.value = false
  }
  const ready = standing(all)
  useEffect(() => {
    if (!waiting.value || ready === 'sending') return
    if (ready === 'ready') void send()
    else waiting.value = false
  }, [ready, waiting.value])
  const submit = (event: Event) => {
    event.preventDefault()
    if (busy.value || waiting.value) return
    const found = {
      ...(reason ? {} : { reason: { key: 'case.form.choose' } }),
      ...(reason?.per_line && !line ? { line: { key: 'case.form.choose' } } : {}),
      ...check(
        fields,
        draft.values,
        form.currency,
        (name) => own.get(name)?.items.value.length ?? 0,
      ),
      ...(reason?.contact_first ? contactedProblem(draft.values) : {}),
    }
    problems.value = found
    const names = ['line', 'reason', ...fields.map(({ name }) => name), 'contacted_at']
    const first = names.find((name) => name in found)
    if (first) element.current?.querySelector<HTMLElement>(`#case-${first}`)?.focus()
    else if (ready === 'sending') waiting.value = true
    else if (ready === 'ready') void send()
  }
  const change = (name: string, value: string | boolean) => {
    clear(name)
    changeDraft(place, { values: { ...draft.values, [name]: value } })
  }
  const state = { draft, line, reason, fields, own, ready }
  return { ...state, problems, refused, busy, waiting, element, choose, submit, change }
}

function Writing(props: WritingProps) {
  const { form } = props
  const { draft, line, reason, fields, own, ready, ...rest } = useWriting(props)
  const { problems, refused, busy, waiting, element, choose, submit, change } = rest
  return (
    <form ref={element} class="case-new" noValidate onSubmit={submit}>
      <LineChoice
        form={form}
        line={line}
        problem={problems.value.line}
        onChoose={(position) => choose({ line: position })}
      />
      {line?.case && (
        <Row
          icon="scale"
          title={t('case.new.existing', { number: line.case.number })}
          onClick={() => go({ name: 'cases', id: line.case!.id })}
        />
      )}
      <ReasonChoice
        form={form}
        chosen={reason}
        problem={problems.value.reason}
        onChoose={(key) => choose({ reason: key })}
      />
      {reason && (
        <>
          {reason.contact_first && (
            <ContactFirst
              order={form.order}
              reason={reason}
              values={draft.values}
              problems={problems.value}
              onChange={change}
            />
          )}
          <Fields
            id="case"
            fields={fields}
            values={draft.values}
            problems={problems.value}
            currency={form.currency}
            basket={(name) => own.get(name)!}
            onChange={change}
          />
          <End form={form} reason={reason} line={line} />
          {ready === 'refused' && (
            <p class="case-error" role="alert">
              {t('case.form.settle_files')}
            </p>
          )}
        </>
      )}
      <div role="status">
        {waiting.value && <p class="small">{t('case.form.waiting_files')}</p>}
      </div>
      {refused.value !== null && (
        <Notice kind="danger" live="assertive">
          {caseTrouble(refused.value)}
        </Notice>
      )}
      <Button type="submit" kind="primary" wide busy={busy.value || waiting.value}>
        {t('case.new.open')}
      </Button>
    </form>
  )
}

/** Before it is opened: how much can come back, and what happens if the other side is silent. */
function End(props: { form: CaseForm; reason: CaseReasonChoice; line: CaseFormLine | null }) {
  return (
    <div class="case-new-end">
      <p>
        <span class="muted">{t('case.money.refundable')}</span>{' '}
        <Amount value={most(props.form, props.line)} />
      </p>
      <p>
        <span class="muted">{t('case.due.silence')}</span>{' '}
        <span dir="auto">{props.reason.silence}</span>
      </p>
    </div>
  )
}

function openingOf(
  form: CaseForm,
  reason: CaseReasonChoice,
  line: CaseFormLine | null,
  draft: CaseDraft,
  conversation: string | null,
  files: string[],
) {
  const asked = fieldsOf(form, reason, line, draft)
  const sent = data(asked, draft.values, form.currency)
  const { remedy, amount, text, ...fields } = sent
  const { contacted_at: at, contacted_way: way } = draft.values
  return {
    id: draft.id,
    order: form.order,
    line: reason.per_line ? (line?.position ?? null) : null,
    reason: reason.key,
    remedy: String(remedy ?? reason.remedies[0]?.key ?? 'none'),
    amount: typeof amount === 'number' ? amount : null,
    text: typeof text === 'string' ? text : '',
    fields,
    files,
    conversation,
    contacted:
      reason.contact_first && typeof at === 'string'
        ? { way: String(way || 'other'), at: noon(at) }
        : null,
  }
}

/** The middle of a day of the reader's, but nothing that is still to come. */
function noon(day: string): string {
  return new Date(Math.min(Date.parse(`${day}T12:00`), Date.now())).toISOString()
}
