import { useEffect, useRef } from 'preact/hooks'

/**
 * A card that came in place of the button that was pressed: the focus goes on to it, and all of it
 * is brought into view again whenever `grown` says that it has become longer.
 */
export function useReveal(name: string, grown: unknown) {
  const card = useRef<HTMLElement>(null)
  useEffect(() => card.current?.focus({ preventScroll: true }), [name])
  useEffect(() => card.current?.scrollIntoView({ block: 'nearest' }), [name, grown])
  return card
}
