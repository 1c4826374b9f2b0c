import { useEffect, useState } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import { moment } from '../../core/time.ts'

const MINUTE = 60_000

/**
 * When somebody may go on: the seconds while they are few, else the time of day. It is shown, and
 * not said again each second.
 */
export function Countdown({ until, what }: { until: number; what: 'send' | 'write' }) {
  const [now, setNow] = useState(Date.now())
  const left = until - now
  useEffect(() => {
    if (left <= 0) return
    const timer = setTimeout(() => setNow(Date.now()), left > 2 * MINUTE ? MINUTE : 1000)
    return () => clearTimeout(timer)
  }, [now, until])
  if (left <= 0) return <>{t(`panel.wait.${what}.now`)}</>
  const seconds = Math.ceil(left / 1000)
  return (
    <span class="tabular" aria-live="off">
      {left < 2 * MINUTE
        ? t(`panel.wait.${what}.seconds`, { n: seconds })
        : t(`panel.wait.${what}.at`, { at: moment(new Date(until).toISOString()) })}
    </span>
  )
}
