import { signal } from '@preact/signals'
import { Button } from './button.tsx'
import './toast.css'

interface ToastItem {
  id: number
  text: string
  action: { label: string; run(): void } | undefined
}

const items = signal<ToastItem[]>([])
let last = 0

/**
 * Say something for `ms`, with at most one action (undo). It goes by itself and is announced.
 * Returns a function that takes it away earlier.
 */
export function toast(text: string, action?: ToastItem['action'], ms = 5000): () => void {
  const id = ++last
  items.value = [...items.value, { id, text, action }]
  setTimeout(() => dismiss(id), ms)
  return () => dismiss(id)
}

function dismiss(id: number): void {
  items.value = items.value.filter((item) => item.id !== id)
}

/** Where toasts appear; once in an app. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {items.value.map(({ id, text, action }) => (
        <div class="toast" key={id}>
          <span dir="auto">{text}</span>
          {action && (
            <Button
              kind="quiet"
              small
              onClick={() => {
                dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}
