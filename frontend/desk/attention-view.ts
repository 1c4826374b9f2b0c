import { useEffect } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { Desk } from './desk.ts'
import { route } from './routes.ts'

/** "(3) Desk": the number in the title of the page, and on its icon where the system shows one. */
export function useAttention(desk: Desk): void {
  const n = desk.attention.count.value
  const name = t(route.value.app === 'admin' ? 'desk.nav.admin' : 'desk.name')
  useEffect(() => {
    document.title = `${n ? `(${n}) ` : ''}${name} · Amparo`
    const { setAppBadge } = navigator as { setAppBadge?: (n: number) => Promise<void> }
    setAppBadge?.call(navigator, n).catch(() => undefined)
  }, [n, name])
}

/** Two soft notes. A browser that does not allow sound yet stays silent. */
export function ring(): void {
  try {
    const context = new AudioContext()
    for (const [at, pitch] of [
      [0, 660],
      [0.14, 880],
    ] as const) {
      const tone = context.createOscillator()
      const volume = context.createGain()
      tone.frequency.value = pitch
      volume.gain.setValueAtTime(0.06, context.currentTime + at)
      volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + at + 0.3)
      tone.connect(volume).connect(context.destination)
      tone.start(context.currentTime + at)
      tone.stop(context.currentTime + at + 0.32)
    }
    setTimeout(() => void context.close(), 1000)
  } catch {
    // No sound here.
  }
}

/** One notification a conversation; a press on it comes back to that conversation. */
export function notifier(open: (id: string) => void) {
  return (title: string, body: string, id: string) => {
    if (globalThis.Notification?.permission !== 'granted') return
    try {
      const shown = new Notification(title, { body, tag: id })
      shown.onclick = () => {
        window.focus()
        open(id)
        shown.close()
      }
    } catch {
      // Some phones have notifications only for installed pages.
    }
  }
}

/** Ask the browser; only ever after a press. */
export async function mayNotify(): Promise<boolean> {
  if (!globalThis.Notification) return false
  return (await Notification.requestPermission()) === 'granted'
}
