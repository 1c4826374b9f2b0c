import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import { uuid4 } from '../../core/ids.ts'
import { Button } from '../../ui/button.tsx'
import { api } from '../state.ts'
import { save } from './download.ts'
import { why } from './talk.ts'

const PATH = '/api/v1/conversations/{id}/transcript'
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** The conversation to keep: as a file now, or to one's own address; the answer says which. */
export function Transcript({ id }: { id: string }) {
  const busy = useSignal<'file' | 'mail' | null>(null)
  const said = useSignal<string | null>(null)
  const problem = useSignal<unknown>(null)
  const run = async (what: 'file' | 'mail') => {
    busy.value = what
    problem.value = null
    said.value = null
    try {
      said.value = await (what === 'file' ? file(id) : mail(id))
    } catch (error) {
      problem.value = error
    }
    busy.value = null
  }
  return (
    <section class="transcript">
      <h3 class="eyebrow">{t('panel.transcript.title')}</h3>
      <div class="choices">
        <Button small icon="download" busy={busy.value === 'file'} onClick={() => void run('file')}>
          {t('panel.transcript.download')}
        </Button>
        <Button small icon="mail" busy={busy.value === 'mail'} onClick={() => void run('mail')}>
          {t('panel.transcript.mail')}
        </Button>
      </div>
      <p class="small" role="status">
        {said.value}
      </p>
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {why(problem.value)}
        </p>
      )}
    </section>
  )
}

async function file(id: string): Promise<string> {
  await save(`/api/v1/conversations/${id}/transcript?format=html&zone=${zone()}`, `${id}.html`)
  return t('panel.transcript.saved')
}

async function mail(id: string): Promise<string> {
  const body = { id: uuid4(), zone: zone() }
  const { to } = await api.post<{ to: string }>(PATH, body, { path: { id } })
  return t('panel.transcript.sent', { to })
}
