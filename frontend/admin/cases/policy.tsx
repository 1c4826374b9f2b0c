import { type Signal, useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import { exact } from '../../core/time.ts'
import { reason } from '../../desk/reason.ts'
import { api } from '../../desk/session.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/states.tsx'
import { toast } from '../../ui/toast.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { bumped, changes, type Document, parsed } from './document.ts'
import '../settings/settings.css'
import './policy.css'
import { PolicyValues } from './policy-values.tsx'
import { type Simulation, SimulationView } from './simulation.tsx'
import { named, told } from './words.ts'

const URL = '/api/v1/cases/policy'
const PUT = '/api/v1/admin/cases/policy'
const SIMULATE = '/api/v1/admin/cases/policy/simulate'

export interface Policy {
  version: string | number
  active_from: string
  document: Document
  versions: { version: string | number; active_from: string }[]
}

/** Deadlines, caps and choices of cases: as they are, and a new version tried before it counts. */
export default function PolicyPage() {
  const policy = useLoaded('policy', () => api.get<Policy>(URL))
  return (
    <Page title={t('admin.policy.title')} lead={t('admin.policy.lead')}>
      <Wait of={policy} label={t('admin.policy.title')}>
        {(found) => (
          <Editor
            key={String(found.version)}
            policy={found}
            onSwitched={(next) => {
              policy.data.value = next
            }}
          />
        )}
      </Wait>
    </Page>
  )
}

interface EditorProps {
  policy: Policy
  onSwitched: (policy: Policy) => void
}

/** What was simulated, and of which text: another text must be simulated anew. */
interface Tried {
  text: string
  found: Simulation
}

function Editor({ policy, onSwitched }: EditorProps) {
  const draft = useSignal<Document>(policy.document)
  const wrong = useSignal<ReadonlySet<string>>(new Set())
  const tried = useSignal<Tried | null>(null)
  const busy = useSignal<'simulate' | 'switch' | null>(null)
  const problem = useSignal<string | null>(null)
  const text = JSON.stringify(draft.value)
  const changed = changes(policy.document, draft.value)
  const send = async (what: 'simulate' | 'switch', work: () => Promise<void>) => {
    busy.value = what
    problem.value = null
    try {
      await work()
    } catch (error) {
      problem.value = reason(error)
    } finally {
      busy.value = null
    }
  }
  const simulate = () =>
    send('simulate', async () => {
      const document = draft.peek()
      const found = await api.post<Simulation>(SIMULATE, { document })
      tried.value = { text: JSON.stringify(document), found }
    })
  const switchOn = () =>
    send('switch', async () => {
      const next = await api.put<Policy>(PUT, { document: draft.peek() })
      toast(t('admin.policy.switched', { version: String(next.version) }))
      onSwitched(next)
    })
  const ready = tried.value?.text === text
  const drop = () => {
    draft.value = policy.document
    tried.value = null
    problem.value = null
    wrong.value = new Set()
  }
  return (
    <>
      <Head policy={policy} draft={draft} problem={problem} />
      <PolicyValues policy={policy.document} draft={draft} wrong={wrong} />
      {changed.length > 0 && (
        <Next
          {...{ changed, problem, tried, ready, busy, wrong, simulate, switchOn }}
          drop={drop}
        />
      )}
    </>
  )
}

interface NextProps {
  changed: ReturnType<typeof changes>
  problem: Signal<string | null>
  tried: Signal<Tried | null>
  /** What was simulated is what would be switched on. */
  ready: boolean
  busy: Signal<'simulate' | 'switch' | null>
  wrong: Signal<ReadonlySet<string>>
  simulate(): Promise<void>
  switchOn(): Promise<void>
  drop(): void
}

/** What is new, what it would do, and the way to switch it on. */
function Next(props: NextProps) {
  const { changed, problem, tried, ready, busy, wrong, simulate, switchOn, drop } = props
  return (
    <section class="policy-new" aria-labelledby="policy-new">
      <h2 id="policy-new">{t('admin.policy.new')}</h2>
      <Changes changed={changed} />
      <p class="muted small">{t('admin.policy.kept')}</p>
      {problem.value && (
        <Notice kind="danger" live="assertive">
          {problem.value}
        </Notice>
      )}
      {ready && tried.value && <SimulationView found={tried.value.found} />}
      {tried.value && !ready && <Notice>{t('admin.policy.again')}</Notice>}
      <p class="setting-foot">
        <Button
          kind={ready ? 'plain' : 'primary'}
          busy={busy.value === 'simulate'}
          disabled={wrong.value.size > 0}
          onClick={() => void simulate()}
        >
          {t('admin.policy.simulate')}
        </Button>
        {ready && (
          <Button kind="primary" busy={busy.value === 'switch'} onClick={() => void switchOn()}>
            {t('admin.policy.switch')}
          </Button>
        )}
        <Button kind="quiet" onClick={drop}>
          {t('admin.policy.drop')}
        </Button>
      </p>
    </section>
  )
}

function Changes({ changed }: Pick<NextProps, 'changed'>) {
  return (
    <ul class="policy-changes">
      {changed.map(({ path, before, after }) => (
        <li key={path.join('.')}>
          <strong>{named(path)}</strong>{' '}
          <span class="muted">
            {t('admin.policy.change', {
              before: told(path, before),
              after: told(path, after),
            })}
          </span>
        </li>
      ))}
    </ul>
  )
}

interface HeadProps {
  policy: Policy
  draft: Signal<Document>
  problem: Signal<string | null>
}

/** Which version counts since when, and the whole document to take away or to put in. */
function Head({ policy, draft, problem }: HeadProps) {
  const field = useRef<HTMLInputElement>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    try {
      draft.value = bumped(policy.document, parsed(await file.text()))
      problem.value = null
    } catch {
      toast(t('admin.policy.unreadable'))
    }
  }
  const href = `data:application/json,${encodeURIComponent(JSON.stringify(policy.document, null, 2))}`
  return (
    <section class="policy-head">
      <p>
        <Badge kind="success">
          {t('admin.policy.version', { version: String(policy.version) })}
        </Badge>{' '}
        {t('admin.policy.since', { time: exact(policy.active_from) })}
      </p>
      {policy.versions.length > 1 && (
        <details>
          <summary>{t('admin.policy.earlier')}</summary>
          <ul class="tabular">
            {policy.versions.map(({ version, active_from }) => (
              <li key={String(version)}>
                {String(version)} <span class="muted">{exact(active_from)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="setting-foot">
        <a class="button plain small" href={href} download="case-policy.json">
          {t('admin.policy.download')}
        </a>
        <Button small onClick={() => field.current?.click()}>
          {t('admin.policy.upload')}
        </Button>
        <input
          ref={field}
          class="visually-hidden"
          type="file"
          accept="application/json,.json"
          tabIndex={-1}
          aria-label={t('admin.policy.upload')}
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0])
            currentTarget.value = ''
          }}
        />
      </p>
    </section>
  )
}
