import { type Signal, useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import { Setting } from '../settings/form.tsx'
import {
  bumped,
  type Document,
  type Leaf,
  read,
  type Value,
  valueAt,
  values,
  withValue,
  written,
} from './document.ts'
import { CHOICES, chosen, inOrder, meaning, named } from './words.ts'

interface ValuesProps {
  /** The policy that counts. */
  policy: Document
  draft: Signal<Document>
  /** Paths of fields whose text is no value. */
  wrong: Signal<ReadonlySet<string>>
}

const SECTIONS = [
  'deadlines',
  'opening',
  'choices',
  'limits',
  'caps',
  'reminders',
  'calendar',
  'countries',
  'reasons',
] as const

/** Every value of the policy with its words, section by section. */
export function PolicyValues(props: ValuesProps) {
  const all = values(props.draft.value)
  const parts = SECTIONS.map((name) => ({
    name,
    found: inOrder(all.filter(({ path }) => path[0] === name)),
  }))
  const others = all.filter(
    ({ path }) => path[0] !== 'version' && !SECTIONS.some((name) => name === path[0]),
  )
  return (
    <section>
      {parts.map(
        ({ name, found }, index) =>
          found.length > 0 && (
            <Setting
              key={name}
              group="policy"
              title={t(`admin.policy.section.${name}`)}
              facts={[t('admin.policy.values', { n: found.length })]}
              open={index === 0}
            >
              <Rows {...props} rows={found} />
            </Setting>
          ),
      )}
      {others.length > 0 && <Rows {...props} rows={others} />}
    </section>
  )
}

function Rows({ rows, ...props }: ValuesProps & { rows: Value[] }) {
  return (
    <div class="policy-values">
      {rows.map(({ path, value }) => (
        <Row key={path.join('.')} path={path} value={value} {...props} />
      ))}
    </div>
  )
}

function Row({ path, value, policy, draft, wrong }: ValuesProps & Value) {
  const name = path.join('.')
  const id = `policy-${name}`
  const before = valueAt(policy, path)
  const typed = useSignal<string | null>(null)
  const set = (next: Leaf) => {
    draft.value = bumped(policy, withValue(draft.peek(), path, next))
  }
  const type = (text: string) => {
    const next = read(text, before ?? value)
    const others = [...wrong.peek()].filter((one) => one !== name)
    wrong.value = new Set(next === null ? [...others, name] : others)
    typed.value = next === null ? text : null
    if (next !== null) set(next)
  }
  const few = CHOICES[path.at(-1) ?? '']
  const changed = JSON.stringify(before) !== JSON.stringify(value)
  const bad = typed.value !== null && wrong.value.has(name)
  return (
    <div class="policy-value" data-changed={changed ? 'true' : undefined}>
      <label for={id}>{named(path)}</label>
      {few ? (
        <select
          id={id}
          class="field"
          value={String(value)}
          onChange={({ currentTarget }) => set(currentTarget.value)}
        >
          {[...new Set([...few, String(value)])].map((one) => (
            <option key={one} value={one}>
              {chosen(path, one) ?? one}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          aria-describedby={`${id}-means`}
          class="field tabular"
          type="text"
          dir="ltr"
          aria-invalid={bad ? 'true' : undefined}
          value={bad ? (typed.value ?? '') : written(value)}
          onInput={({ currentTarget }) => type(currentTarget.value)}
        />
      )}
      <span id={`${id}-means`} class={bad ? 'field-error' : 'muted small'}>
        {bad ? t('admin.policy.wrong') : (meaning(path, value) ?? '')}
      </span>
    </div>
  )
}
