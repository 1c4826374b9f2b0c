import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

interface FieldProps {
  label: string
  value: string
  onChange: (value: string) => void
  type?: 'text' | 'number'
  hint?: string
  lang?: string
  list?: string
  min?: number
  max?: number
}

export function Field({ label, value, onChange, type = 'text', hint, ...rest }: FieldProps) {
  return (
    <label class="tool">
      <span>{label}</span>
      <input
        {...rest}
        class="field"
        type={type}
        dir={type === 'text' ? 'auto' : undefined}
        inputMode={type === 'number' ? 'numeric' : undefined}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
      {hint && <span class="muted small">{hint}</span>}
    </label>
  )
}

interface CheckProps {
  label: string
  checked: boolean
  onChange: (checked: boolean) => void
}

export function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <bdi>{label}</bdi>
    </label>
  )
}

interface SettingProps {
  /** Of these only one is open at a time. */
  group: string
  title: string
  facts: string[]
  open?: boolean
  children: ComponentChildren
}

/** One thing that is set up: a line that says how it is, and its form behind it. */
export function Setting({ group, title, facts, open = false, children }: SettingProps) {
  // The form is made when it is first looked at, and keeps what was typed afterwards.
  const seen = useSignal(open)
  return (
    <details
      class="setting"
      name={group}
      open={open}
      onToggle={(event) => {
        if (event.currentTarget.open) seen.value = true
      }}
    >
      <summary>
        <span class="setting-title">
          <bdi>{title}</bdi>
        </span>
        <span class="setting-facts muted">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </span>
      </summary>
      {seen.value && children}
    </details>
  )
}
