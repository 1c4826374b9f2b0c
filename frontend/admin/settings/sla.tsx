import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import { PRIORITIES, priorityName } from '../../desk/changes.ts'
import { CHANNELS } from '../../desk/filters.ts'
import { reason } from '../../desk/reason.ts'
import { api } from '../../desk/session.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { toast } from '../../ui/toast.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import { KINDS, type Kind, readTime, type Target, twice, writeTime } from './targets.ts'

const URL = '/api/v1/admin/sla'

interface Sla {
  targets: Target[]
}

/** How fast the marketplace promises to answer. */
export function SlaPage() {
  const sla = useLoaded('sla', () => api.get<Sla>(URL))
  return (
    <Page title={t('admin.sla.title')} lead={t('admin.sla.lead')}>
      <Wait of={sla} label={t('admin.sla.title')}>
        {(found) => <Targets targets={found.targets} />}
      </Wait>
    </Page>
  )
}

type Row = Pick<Target, 'priority' | 'channel'> & Record<Kind, string> & { key: number }

let lastKey = 0

function rowOf(target: Target): Row {
  const times = Object.fromEntries(KINDS.map((kind) => [kind, writeTime(target[kind])]))
  const { priority, channel } = target
  return { ...(times as Record<Kind, string>), priority, channel, key: ++lastKey }
}

/** The target that a row says; null where one of its times is no time. */
function targetOf({ priority, channel, ...row }: Row): Target | null {
  const [first, next, whole] = KINDS.map((kind) => readTime(row[kind]))
  if (first === undefined || next === undefined || whole === undefined) return null
  return {
    ...{ priority, channel },
    ...{ first_response_s: first, next_response_s: next, resolution_s: whole },
  }
}

function Targets({ targets }: { targets: Target[] }) {
  const rows = useSignal(targets.map(rowOf))
  const busy = useSignal(false)
  const wrong = useSignal<string | null>(null)
  const set = (key: number, more: Partial<Row>) => {
    rows.value = rows.peek().map((row) => (row.key === key ? { ...row, ...more } : row))
  }
  const save = async () => {
    const wanted = rows.peek().map(targetOf)
    const whole = wanted.filter((one) => one !== null)
    if (whole.length < wanted.length) wrong.value = t('admin.sla.time_wrong')
    else wrong.value = twice(whole) ? t('admin.sla.twice') : null
    if (wrong.peek()) return
    busy.value = true
    try {
      const saved = await api.put<Sla>(URL, { targets: whole })
      rows.value = saved.targets.map(rowOf)
      toast(t('admin.settings.saved'))
    } catch (error) {
      toast(reason(error))
    } finally {
      busy.value = false
    }
  }
  const add = () => {
    const times = { first_response_s: null, next_response_s: null, resolution_s: null }
    rows.value = [...rows.peek(), rowOf({ priority: null, channel: null, ...times })]
  }
  return (
    <section>
      <form
        class="setting-form"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        {rows.value.length > 0 && <Table rows={rows.value} set={set} remove={remove} />}
        <p class="muted small">{t('admin.sla.hint')}</p>
        <p class="field-error" role="alert">
          {wrong.value}
        </p>
        <p class="setting-foot">
          <Button onClick={add}>{t('admin.sla.add')}</Button>
          <Button kind="primary" type="submit" busy={busy.value}>
            {t('admin.settings.save')}
          </Button>
        </p>
      </form>
    </section>
  )

  function remove(key: number) {
    rows.value = rows.peek().filter((row) => row.key !== key)
  }
}

interface TableProps {
  rows: Row[]
  set: (key: number, more: Partial<Row>) => void
  remove: (key: number) => void
}

function Table({ rows, set, remove }: TableProps) {
  return (
    <table class="table sla-table">
      <thead>
        <tr>
          <th scope="col">{t('admin.sla.priority')}</th>
          <th scope="col">{t('admin.sla.channel')}</th>
          {KINDS.map((kind) => (
            <th key={kind} scope="col">
              {t(`admin.sla.${kind}`)}
            </th>
          ))}
          <td />
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <TargetRow key={row.key} row={row} set={(more) => set(row.key, more)}>
            <IconButton
              icon="close"
              small
              label={t('admin.sla.remove')}
              onClick={() => remove(row.key)}
            />
          </TargetRow>
        ))}
      </tbody>
    </table>
  )
}

function TargetRow(props: {
  row: Row
  set: (more: Partial<Row>) => void
  children: preact.ComponentChildren
}) {
  const { row, set, children } = props
  const levels = Object.values(PRIORITIES)
  const own = row.priority !== null && !levels.some((level) => level === row.priority)
  return (
    <tr>
      <td data-label={t('admin.sla.priority')}>
        <select
          class="field"
          aria-label={t('admin.sla.priority')}
          value={row.priority ?? ''}
          onChange={({ currentTarget: { value } }) => set({ priority: value ? +value : null })}
        >
          <option value="">{t('admin.sla.every_priority')}</option>
          {own && <option value={row.priority!}>{row.priority}</option>}
          {levels.map((level) => (
            <option key={level} value={level}>
              {priorityName(level)}
            </option>
          ))}
        </select>
      </td>
      <td data-label={t('admin.sla.channel')}>
        <select
          class="field"
          aria-label={t('admin.sla.channel')}
          value={row.channel ?? ''}
          onChange={({ currentTarget: { value } }) => set({ channel: value || null })}
        >
          <option value="">{t('admin.sla.every_channel')}</option>
          {CHANNELS.map((channel) => (
            <option key={channel} value={channel}>
              {t(`desk.channel.${channel}`)}
            </option>
          ))}
        </select>
      </td>
      {KINDS.map((kind) => (
        <td key={kind} data-label={t(`admin.sla.${kind}`)}>
          <input
            class="field tabular"
            type="text"
            aria-label={t(`admin.sla.${kind}`)}
            aria-invalid={readTime(row[kind]) === undefined ? 'true' : undefined}
            placeholder={t('admin.sla.none')}
            value={row[kind]}
            onInput={(event) => set({ [kind]: event.currentTarget.value })}
          />
        </td>
      ))}
      <td>{children}</td>
    </tr>
  )
}
