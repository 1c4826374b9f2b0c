import { useSignal } from '@preact/signals'
import { useState } from 'preact/hooks'
import { type Case, type CaseStaff, type CaseStore, exportUrl } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { money } from '../../core/money.ts'
import { exact } from '../../core/time.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { caseTrouble } from '../../ui/case/files.tsx'
import { Ago } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { path } from '../routes.ts'
import { FIRST } from './filters.ts'
import { client } from './work.ts'

/** What both sides' earlier cases say: how many, how they ended. Facts, no verdicts. */
export function Histories({ staff, store }: { staff: CaseStaff; store?: string }) {
  const { buyer, seller } = staff
  return (
    <section class="desk-side" aria-labelledby="case-histories">
      <h2 id="case-histories">{t('desk.cases.histories')}</h2>
      <h3>
        <bdi>{buyer.name || t('desk.cases.buyer')}</bdi>
      </h3>
      <dl class="desk-facts tabular">
        <Fact name={t('desk.cases.history.cases')} value={buyer.cases} />
        <Fact name={t('desk.cases.history.won')} value={buyer.won} />
        <Fact name={t('desk.cases.history.granted')} value={money(buyer.granted)} />
      </dl>
      {seller && (
        <>
          <h3>
            <bdi>{store ?? seller.store}</bdi>
          </h3>
          <dl class="desk-facts tabular">
            <Fact name={t('desk.cases.history.cases')} value={seller.cases} />
            <Fact name={t('desk.cases.history.lost')} value={seller.lost} />
            <Fact name={t('desk.cases.history.silent')} value={seller.silent} />
          </dl>
        </>
      )}
    </section>
  )
}

function Fact({ name, value }: { name: string; value: string | number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** The server takes no more (characters). */
const NOTE_LIMIT = 3000

/** What staff says among itself; neither side ever reads it. */
export function Notes({ staff, store }: { staff: CaseStaff; store: CaseStore }) {
  const text = useSignal('')
  const failed = useSignal<string | null>(null)
  const add = async () => {
    const written = text.peek().trim()
    if (!written) return
    failed.value = null
    if (await store.act('note', { text: written })) text.value = ''
    else failed.value = caseTrouble(store.refused.peek())
  }
  return (
    <section class="desk-side" aria-labelledby="case-notes">
      <h2 id="case-notes">{t('desk.cases.notes')}</h2>
      {staff.notes.map((note) => (
        <div class="desk-note" key={note.id}>
          <p class="case-words" dir="auto">
            {note.text}
          </p>
          <p class="muted small">
            <bdi>{note.by}</bdi> · <Ago at={note.at} />
          </p>
        </div>
      ))}
      <form
        class="desk-note-form"
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <label>
          <span class="visually-hidden">{t('desk.cases.note')}</span>
          <textarea
            id="case-note"
            class="field"
            rows={2}
            dir="auto"
            maxLength={NOTE_LIMIT}
            placeholder={t('desk.cases.note_hint')}
            value={text.value}
            onInput={(event) => {
              text.value = event.currentTarget.value
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void add()
            }}
          />
        </label>
        {failed.value && (
          <p class="field-error" role="alert">
            {failed.value}
          </p>
        )}
        <Button small type="submit" busy={store.busy.value === 'note'}>
          {t('desk.cases.note_add')}
        </Button>
      </form>
    </section>
  )
}

/** Where it hangs together with the rest, and how it is kept and checked. */
export function About({ item }: { item: Case }) {
  const { parent, conversation, staff } = item
  return (
    <section class="desk-side" aria-labelledby="case-about">
      <h2 id="case-about">{t('desk.cases.about')}</h2>
      <dl class="desk-facts tabular">
        <div>
          <dt>{t('desk.cases.order_ref')}</dt>
          <dd dir="ltr">{item.order}</dd>
        </div>
        <div>
          <dt>{t('desk.cases.opened')}</dt>
          <dd>
            <time dateTime={item.opened_at}>{exact(item.opened_at)}</time>
          </dd>
        </div>
        {staff && <Fact name={t('desk.cases.policy')} value={staff.policy_version} />}
        {parent && typeof parent === 'object' && (
          <div>
            <dt>{t('desk.cases.parent')}</dt>
            <dd>
              <a href={path({ app: 'cases', id: parent.id, filters: FIRST })}>{parent.number}</a>
            </dd>
          </div>
        )}
      </dl>
      <p class="desk-side-links">
        {conversation && (
          <a class="button plain small" href={path({ app: 'desk', view: 'all', id: conversation })}>
            {t('desk.cases.conversation')}
          </a>
        )}
        <a
          class="button plain small"
          href={exportUrl(item.id, 'html')}
          target="_blank"
          rel="noreferrer"
        >
          {t('desk.cases.export')}
        </a>
        <a class="button plain small" href={exportUrl(item.id, 'json')} download>
          {t('desk.cases.export_data')}
        </a>
        <Verify id={item.id} />
      </p>
    </section>
  )
}

/** Whether the steps are as they were written. */
function Verify({ id }: { id: string }) {
  const [found, keep] = useState<{ ok: boolean; steps: number; broken_at: number | null } | null>(
    null,
  )
  const busy = useSignal(false)
  const verify = async () => {
    busy.value = true
    try {
      keep(await client.verify(id))
    } catch (error) {
      toast(caseTrouble(error))
    } finally {
      busy.value = false
    }
  }
  return (
    <>
      <Button small busy={busy.value} onClick={() => void verify()}>
        {t('desk.cases.verify')}
      </Button>
      <span role="status">
        {found && (
          <Badge kind={found.ok ? 'success' : 'danger'}>
            {found.ok
              ? t('desk.cases.verified', { n: found.steps })
              : t('desk.cases.broken', { n: found.broken_at ?? 0 })}
          </Badge>
        )}
      </span>
    </>
  )
}
