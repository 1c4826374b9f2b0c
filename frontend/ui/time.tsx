import { exact, now, relative } from '../core/time.ts'

/** "5 min. ago", with the exact time on hover. */
export function Ago({ at }: { at: string }) {
  return (
    <time dateTime={at} title={exact(at)}>
      {relative(at, Math.max(now.value, Date.parse(at)))}
    </time>
  )
}
