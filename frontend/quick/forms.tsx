import './quick.css'
import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { Channel, MessageData, OrderRequests } from '../core/types.ts'
import { api, problemText, session } from '../panel/state.ts'
import { Button } from '../ui/button.tsx'
import { type Fix, story } from './fix.ts'
import { upload } from './upload.ts'

export interface FixFormProps {
  fix: Fix
  choices: OrderRequests['case']
  onSend(data: Record<string, unknown>): void
  onCancel(): void
}

/** What a quick fix needs to be told. The text stays until it was taken. */
export function FixForm(props: FixFormProps) {
  const { kind } = props.fix
  if (kind === 'upload_payment_proof') return <Proof {...props} />
  if (kind === 'open_dispute') return <Case {...props} />
  const address = kind === 'change_address'
  return <OneText {...props} field={address ? 'address' : 'text'} limit={address ? 400 : 1000} />
}

function Buttons({ busy, onCancel }: { busy?: boolean; onCancel(): void }) {
  return (
    <div class="choices">
      <Button type="submit" small kind="primary" busy={busy ?? false}>
        {t('quick.send')}
      </Button>
      <Button small onClick={onCancel}>
        {t('quick.cancel')}
      </Button>
    </div>
  )
}

function OneText(props: FixFormProps & { field: 'address' | 'text'; limit: number }) {
  const { field, limit, onSend, onCancel } = props
  const text = useSignal('')
  const id = useId()
  return (
    <form
      class="quick-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.value.trim()) onSend({ [field]: text.value })
      }}
    >
      <label for={id}>{t(field === 'address' ? 'quick.address' : 'quick.message')}</label>
      <textarea
        id={id}
        rows={3}
        required
        maxLength={limit}
        dir="auto"
        autocomplete={field === 'address' ? 'street-address' : 'off'}
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value
        }}
      />
      <Buttons onCancel={onCancel} />
    </form>
  )
}

function Proof({ fix, onSend, onCancel }: FixFormProps) {
  const chosen = useSignal<File[]>([])
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  const id = useId()
  const send = async () => {
    if (!chosen.value.length || busy.value) return
    busy.value = true
    problem.value = null
    try {
      await session.ensure()
      const files: string[] = []
      for (const file of chosen.value) files.push(await upload(fix, file))
      onSend({ files })
    } catch (error) {
      problem.value = error
    }
    busy.value = false
  }
  return (
    <form
      class="quick-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label for={id}>{t('quick.picture')}</label>
      <input
        id={id}
        type="file"
        accept="image/*"
        multiple
        required
        onChange={(event) => {
          chosen.value = [...(event.currentTarget.files ?? [])].slice(0, 4)
        }}
      />
      <p class="small" role="status">
        {chosen.value.length > 0 && t('quick.pictures', { n: chosen.value.length })}
      </p>
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </p>
      )}
      <Buttons busy={busy.value} onCancel={onCancel} />
    </form>
  )
}

/** A case, filled in from the conversation: what it is about, and what was said. */
function Case({ fix, choices, onSend, onCancel }: FixFormProps) {
  const reason = useSignal(fix.reason ?? '')
  const wish = useSignal('')
  const text = useSignal('')
  const id = useId()
  useEffect(() => {
    if (!fix.opens)
      void said(fix.conversation).then((told) => {
        text.value ||= told
      })
    if (fix.question && !fix.reason)
      void reasonOf(fix.question, fix.order).then((found) => {
        reason.value ||= found
      })
  }, [fix.id])
  return (
    <form
      class="quick-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.value && wish.value && text.value.trim())
          onSend({ reason: reason.value, wish: wish.value, text: text.value })
      }}
    >
      <Select
        id={`${id}r`}
        label={t('quick.case.reason')}
        value={reason}
        choices={choices.reasons}
      />
      <Select id={`${id}w`} label={t('quick.case.wish')} value={wish} choices={choices.wishes} />
      <label for={`${id}t`}>{t('quick.case.text')}</label>
      <textarea
        id={`${id}t`}
        rows={4}
        required
        maxLength={3000}
        dir="auto"
        value={text.value}
        onInput={(event) => {
          text.value = event.currentTarget.value
        }}
      />
      <Buttons onCancel={onCancel} />
    </form>
  )
}

interface SelectProps {
  id: string
  label: string
  value: { value: string }
  choices: { key: string; label: string }[]
}

function Select({ id, label, value, choices }: SelectProps) {
  return (
    <>
      <label for={id}>{label}</label>
      <select
        id={id}
        required
        value={value.value}
        onChange={(event) => {
          value.value = event.currentTarget.value
        }}
      >
        <option value="" disabled>
          {t('quick.case.pick')}
        </option>
        {choices.map((choice) => (
          <option key={choice.key} value={choice.key}>
            {choice.label}
          </option>
        ))}
      </select>
    </>
  )
}

async function said(conversation: string): Promise<string> {
  const chat = await import('../panel/chat.ts')
  const messages: MessageData[] = []
  for (const event of chat.conversation(conversation).thread.value.items)
    if (event.kind === 'message') messages.push(event.data)
  return story(messages, session.person.value?.id ?? '')
}

/** The case reason that belongs to the question which led here. */
async function reasonOf(question: string, order: string): Promise<string> {
  try {
    const { channels } = await api.get<{ channels: Channel[] }>(
      '/api/v1/guide/questions/{key}/channels',
      { path: { key: question }, query: { order } },
    )
    return channels.find(({ case_reason }) => case_reason)?.case_reason ?? ''
  } catch {
    return ''
  }
}
