import './quick.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { OrderRequests } from '../core/types.ts'
import { lazy } from '../panel/lazy.tsx'
import { useResource } from '../panel/resource.ts'
import { api, problemText } from '../panel/state.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/states.tsx'
import type { Fix } from './fix.ts'
import { useReveal } from './reveal.ts'
import { drop, problemAt, tell } from './run.ts'

const FixForm = lazy(() => import('./forms.tsx'), 'FixForm', true)

const FORMS = ['change_address', 'contact_seller', 'upload_payment_proof']
/** Look something up: nothing changes, so nothing is asked first. */
const AT_ONCE = ['track_parcel', 'request_refund_status']

interface Props {
  where: string
  fix: Fix
}

/** One quick fix: asks once, says that it is sent, and why it could not be. */
export function FixCard({ where, fix }: Props) {
  const loaded = useSignal(0)
  const card = useReveal(fix.id, `${fix.step} ${loaded.value}`)
  return (
    <section class="quick-card" ref={card} tabIndex={-1} aria-label={t(`quick.action.${fix.kind}`)}>
      {fix.step === 'failed' ? (
        <Failed where={where} />
      ) : fix.step === 'sending' || AT_ONCE.includes(fix.kind) ? (
        <Sending where={where} fix={fix} />
      ) : (
        <Asking
          where={where}
          fix={fix}
          onGrown={() => {
            loaded.value++
          }}
        />
      )}
    </section>
  )
}

function Sending({ where, fix }: Props) {
  useEffect(() => {
    if (fix.step === 'ask') tell(where, { type: 'send', data: {} })
  }, [fix.id])
  return (
    <p class="quick-state" role="status">
      {t('quick.sending')}
    </p>
  )
}

function Failed({ where }: { where: string }) {
  const problem = problemAt(where).value
  return (
    <>
      <p class="quick-ask" role="alert">
        {problemText(problem, t('panel.trouble.offline'), t('panel.trouble.other'))}
      </p>
      <div class="choices">
        <Button small kind="primary" onClick={() => tell(where, { type: 'again' })}>
          {t('quick.again')}
        </Button>
        <Button small onClick={() => drop(where)}>
          {t('quick.cancel')}
        </Button>
      </div>
    </>
  )
}

function Asking({ where, fix, onGrown }: Props & { onGrown(): void }) {
  const found = useResource(fix.id, () =>
    api.get<OrderRequests>('/api/v1/orders/{ref}/requests', { path: { ref: fix.order } }),
  )
  const requests = found.data.value
  useEffect(onGrown, [requests])
  const possible = requests?.possible.find(({ kind }) => kind === fix.kind)
  if (found.problem.value)
    return (
      <Refused
        where={where}
        why={problemText(found.problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
      />
    )
  if (!requests || !possible) return <Skeleton label={t('panel.loading')} lines={1} />
  if (possible.reason) return <Refused where={where} why={possible.reason} />
  return (
    <>
      <p class="quick-ask">{possible.ask}</p>
      {FORMS.includes(fix.kind) ? (
        <FixForm
          fix={fix}
          onSend={(data) => tell(where, { type: 'send', data })}
          onCancel={() => drop(where)}
        />
      ) : (
        <div class="choices">
          <Button small kind="primary" onClick={() => tell(where, { type: 'send', data: {} })}>
            {t('quick.yes')}
          </Button>
          <Button small onClick={() => drop(where)}>
            {t('quick.no')}
          </Button>
        </div>
      )}
    </>
  )
}

function Refused({ where, why }: { where: string; why: string }) {
  return (
    <>
      <p class="quick-ask" role="status">
        {why}
      </p>
      <div class="choices">
        <Button small onClick={() => drop(where)}>
          {t('quick.ok')}
        </Button>
      </div>
    </>
  )
}
