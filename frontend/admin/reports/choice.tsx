interface ChoiceProps {
  label: string
  value: string
  /** Value and text. */
  options: readonly (readonly [string, string])[]
  onChange(value: string): void
}

/** A labelled native select. */
export function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <label class="tool">
      <span>{label}</span>
      <select class="field" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
