/** The mark: an arch over a dot, a roof over a person. */
export function Mark({ size = 24, title }: { size?: number; title?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      role={title ? 'img' : undefined}
      aria-label={title}
      aria-hidden={title ? undefined : 'true'}
    >
      <path
        d="M4 20v-7a8 8 0 0 1 16 0v7"
        stroke="currentColor"
        stroke-width="2.6"
        stroke-linecap="round"
      />
      <circle cx="12" cy="16.4" r="2.9" fill="currentColor" />
    </svg>
  )
}
