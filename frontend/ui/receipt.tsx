import './receipt.css'
import type { Delivery } from '../core/conversation.ts'

const DRAWINGS: Record<Exclude<Delivery, 'failed'>, string> = {
  sending: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.500V8l2.500 1.500',
  stored: 'M4 8.500l3 3 6-6.500',
  delivered: 'M2 8.500l3 3 6-6.500M10.500 11.500l6-6.500',
  read: 'M2 8.500l3 3 6-6.500M10.500 11.500l6-6.500',
}

/**
 * How far a message of one's own is: a mark, and its words for everybody who does not see it.
 * `spoken`: the words are shown too (the newest message), so that no mark has to be known.
 */
export function ReceiptMark(props: {
  delivery: Exclude<Delivery, 'failed'>
  label: string
  spoken?: boolean
}) {
  const { delivery, label, spoken } = props
  return (
    <span class={`receipt ${delivery}`}>
      <span class={spoken ? '' : 'visually-hidden'}>{label}</span>
      <svg width="18" height="16" viewBox="0 0 18 16" fill="none" aria-hidden="true">
        <path
          d={DRAWINGS[delivery]}
          stroke="currentColor"
          stroke-width={delivery === 'read' ? 2.4 : 1.4}
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
    </span>
  )
}
