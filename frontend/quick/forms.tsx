import './quick.css'
import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { problemText, session } from '../panel/state.ts'
import { Button } from '../ui/button.tsx'
import type { Fix } from './fix.ts'
import { upload } from './upload.ts'

export interface FixFormProps {
  fix: Fix
  onSend(data: Record<string, unknown>): void
  onCancel(): void
}

/** What a quick fix needs to be told. The text stays until it was taken. */
export function FixForm(props: FixFormProps) {
  const { kind } = props.fix
  if (kind === 'upload_payment_proof') return <Proof {...props} />
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
