import { useEffect, useId } from 'preact/hooks'
import { language, t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { CaseLine } from '../ui/case/row.tsx'
import { ready } from '../ui/case/texts.ts'
import { Empty, Notice, Skeleton } from '../ui/states.tsx'
import { go, LISTS, ORDERS, path, place } from './routes.ts'
import type { CaseRow, WorkList } from './work-list.ts'

/** The work list: what waits for the seller first, each by its deadline. */
export function ListPane({ work }: { work: WorkList }) {
  const { list, id } = place.value
  const n = work.yours.value.length
  useEffect(() => {
    if (id === null) document.title = `${n ? `(${n}) ` : ''}${t('seller.name')} · Amparo`
  }, [n, id, language.value])
  return (
    <section class="work" aria-label={t('seller.list.label')}>
      <div class="work-head">
        <nav class="tabs" aria-label={t('seller.list.which')}>
          {LISTS.map((one) => (
            <a
              key={one}
              href={path({ ...place.value, list: one, id: null })}
              aria-current={one === list ? 'page' : undefined}
            >
              {t(`seller.list.${one}`)}
            </a>
          ))}
        </nav>
        <OrderChoice />
      </div>
      <Rows work={work} />
    </section>
  )
}

function OrderChoice() {
  const id = useId()
  return (
    <div class="work-order">
      <label for={id}>{t('seller.list.order')}</label>
      <select
        id={id}
        class="field"
        value={place.value.order}
        onChange={(event) => {
          const chosen = event.currentTarget.value
          go({ ...place.value, order: ORDERS.find((one) => one === chosen) ?? 'due' }, true)
        }}
      >
        {ORDERS.map((one) => (
          <option key={one} value={one}>
            {t(`seller.order.${one}`)}
          </option>
        ))}
      </select>
    </div>
  )
}

function Rows({ work }: { work: WorkList }) {
  const { at, failed, items, list, next } = work.shown.value
  const yours = work.yours.value
  const others = work.others.value
  if ((at === null && !failed) || !ready())
    return <Skeleton label={t('seller.list.label')} lines={6} />
  return (
    <div class="rows">
      {failed && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={() => void work.refresh()}>
              {t('seller.retry')}
            </Button>
          }
        >
          {t('seller.list.failed')}
        </Notice>
      )}
      {at !== null && items.length === 0 && (
        <Empty icon={list === 'open' ? 'check' : 'box'} title={t(`seller.list.empty_${list}`)}>
          {t(`seller.list.empty_${list}_hint`)}
        </Empty>
      )}
      {yours.length > 0 && <Group title={t('seller.list.yours', { n: yours.length })} of={yours} />}
      {others.length > 0 && (
        <Group title={yours.length ? t('seller.list.others') : null} of={others} />
      )}
      {next && (
        <Button kind="quiet" wide busy={work.busy.value} onClick={() => void work.more()}>
          {t('seller.list.more')}
        </Button>
      )}
    </div>
  )
}

function Group({ title, of }: { title: string | null; of: CaseRow[] }) {
  const id = useId()
  return (
    <section aria-labelledby={title ? id : undefined}>
      {title && (
        <h2 id={id} class="group-title">
          {title}
        </h2>
      )}
      <ul>
        {of.map((row) => (
          <li key={row.id}>
            <CaseLine
              row={row}
              other="buyer"
              selected={place.value.id === row.id}
              href={path({ ...place.value, id: row.id })}
              onOpen={() => {}}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}
