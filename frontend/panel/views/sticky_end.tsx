import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import '../../ui/more_icons.ts'

const NEAR = 80

/** Keeps the newest in sight; somebody reading further up is told of news instead of moved. */
export function StickyEnd(props: {
  last: string | undefined
  theirs: number
  /** What the reader did: written, asked for a person. It is followed even from further up. */
  ours: number
  own: boolean
  children: ComponentChildren
}) {
  const { last, theirs, ours, own, children } = props
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const seen = useRef(theirs)
  const done = useRef(ours)
  const fresh = useSignal(0)

  const toEnd = () => {
    const area = scroller(box.current)
    // A long answer is read from its beginning.
    const newest = box.current?.querySelector('[role=log] > :last-child')
    if (area && newest && !own && newest.clientHeight > area.clientHeight * 0.6)
      newest.scrollIntoView()
    else if (area) area.scrollTop = area.scrollHeight
    seen.current = theirs
    fresh.value = 0
  }

  useEffect(() => {
    const area = scroller(box.current)
    if (!area) return
    const note = () => {
      atEnd.current = area.scrollHeight - area.scrollTop - area.clientHeight < NEAR
      if (atEnd.current) fresh.value = 0
    }
    // The keyboard of a phone, a growing text field, a late file: the end stays in sight.
    const watch = new ResizeObserver(() => {
      if (atEnd.current) area.scrollTop = area.scrollHeight
    })
    watch.observe(area)
    if (box.current) watch.observe(box.current)
    area.addEventListener('scroll', note, { passive: true })
    return () => {
      watch.disconnect()
      area.removeEventListener('scroll', note)
    }
  }, [])

  useLayoutEffect(() => {
    // An answer can come in the same frame as what was written: `own` alone would miss it.
    if (atEnd.current || own || ours > done.current) toEnd()
    else fresh.value += Math.max(0, theirs - seen.current)
    seen.current = theirs
    done.current = ours
  }, [last, theirs, ours])

  return (
    <div ref={box} class="sticky-end">
      {children}
      {fresh.value > 0 && (
        <Button class="news" kind="primary" small icon="down" onClick={toEnd}>
          {t('panel.news', { n: fresh.value })}
        </Button>
      )}
    </div>
  )
}

function scroller(inside: HTMLElement | null): HTMLElement | null {
  return inside?.closest<HTMLElement>('.body') ?? null
}
