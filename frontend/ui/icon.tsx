export type IconName =
  | 'back'
  | 'forward'
  | 'down'
  | 'close'
  | 'menu'
  | 'send'
  | 'person'
  | 'box'
  | 'chat'
  | 'mail'
  | 'check'
  | 'clock'
  | 'alert'
  | 'search'
  | 'book'
  | 'store'
  | 'scale'
  | 'note'
  | 'open'
  | 'refresh'
  | 'picture'
  | 'filter'
  | 'eye'
  | 'reply'
  | 'edit'
  | 'trash'
  | 'copy'
  | 'download'
  | 'attach'
  | 'star'

/** Drawings on a 24 px grid. What the panel's first view does not need is in `more_icons.ts`. */
const paths: Partial<Record<IconName, string>> = {
  back: 'M15 5l-7 7 7 7',
  forward: 'M9 5l7 7-7 7',
  close: 'M6 6l12 12M18 6L6 18',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  send: 'M12 19V5M5.5 11.5L12 5l6.5 6.5',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0',
  box: 'M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8',
  chat: 'M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.1',
  book: 'M5 5.5A1.5 1.5 0 0 1 6.5 4H19v13H6.5A1.5 1.5 0 0 0 5 18.5zM5 18.5A1.5 1.5 0 0 0 6.5 20H19v-3',
  refresh: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
}

export function addIcons(more: typeof paths): void {
  Object.assign(paths, more)
}

/** Icons that point along the text turn round in right-to-left pages. */
const DIRECTED = new Set<IconName>(['back', 'forward', 'open', 'reply'])

/** A decorative icon in the colour of the text. Its meaning is said by text or label beside it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class={DIRECTED.has(name) ? 'icon directed' : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={name === 'menu' ? 3 : 1.8}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  )
}
