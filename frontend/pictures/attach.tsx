import './pictures.css'
import './icons.ts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { has, t } from '../core/i18n.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import '../ui/more_icons.ts'
import { ending } from '../ui/bytes.ts'
import type { Basket, Item } from './basket.ts'
import { ACCEPTED } from './kinds.ts'
import { Thumb } from './shown.tsx'
import { ready } from './texts.ts'

/** The button that opens the browser's own choice of files. */
export function Pick({ basket, small }: { basket: Basket; small?: boolean }) {
  const field = useRef<HTMLInputElement>(null)
  if (!ready()) return <span class="pick-place" />
  return (
    <>
      <input
        ref={field}
        class="visually-hidden"
        type="file"
        accept={ACCEPTED}
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ currentTarget }) => {
          basket.add(currentTarget.files ?? [])
          currentTarget.value = ''
        }}
      />
      <IconButton
        class="pick"
        icon="attach"
        label={t('pictures.add')}
        small={small ?? false}
        onClick={() => field.current?.click()}
      />
    </>
  )
}

/**
 * The pictures that wait above a text. Pasting and dropping work in the whole of `area` (a selector
 * of something around it).
 */
export function Waiting({ basket, area }: { basket: Basket; area: string }) {
  const own = useRef<HTMLDivElement>(null)
  const over = useReception(own, basket, area)
  const items = basket.items.value
  const notice = basket.notice.value
  if (!ready()) return <div ref={own} />
  return (
    <div ref={own} class={`pictures-waiting ${over ? 'over' : ''}`}>
      {over && (
        <p class="pictures-drop">
          <Icon name="attach" /> {t('pictures.drop')}
        </p>
      )}
      {items.length > 0 && (
        <ul aria-label={t('pictures.waiting')}>
          {items.map((item) => (
            <One key={item.key} item={item} basket={basket} />
          ))}
        </ul>
      )}
      <p class="pictures-notice" role="status">
        {notice ? t(notice) : said(items)}
      </p>
    </div>
  )
}

/** What is read out: the state of the last one. */
function said(items: readonly Item[]) {
  const last = items[items.length - 1]
  if (!last || (last.standing !== 'sending' && last.standing !== 'ready')) return null
  const text = t(`pictures.${last.standing}`, { name: last.name || t('pictures.unnamed') })
  return <span class="visually-hidden">{text}</span>
}

function One({ item, basket }: { item: Item; basket: Basket }) {
  const { key, standing, progress, problem } = item
  const name = item.name || t('pictures.unnamed')
  return (
    <li class={`picture-item ${standing}`}>
      {item.preview === null ? (
        <span class="thumb ending">{ending(name)}</span>
      ) : (
        <Thumb source={item.preview} name={name} />
      )}
      <div class="picture-about">
        <span class="picture-name" dir="auto">
          {name}
        </span>
        {standing === 'sending' && (
          <progress max={1} value={progress} aria-label={t('pictures.sending', { name })} />
        )}
        {problem && (
          <span class="picture-problem" role="alert">
            {has(problem) ? t(problem) : problem}
          </span>
        )}
        {standing === 'cut' && (
          <Button small kind="quiet" onClick={() => basket.retry(key)}>
            {t('pictures.again')}
          </Button>
        )}
      </div>
      <IconButton
        icon="close"
        label={t('pictures.remove', { name })}
        onClick={(event) => {
          const area = event.currentTarget.closest('.foot, .reply-box')
          basket.remove(key)
          area?.querySelector('textarea')?.focus()
        }}
      />
    </li>
  )
}

/** Takes what is pasted into and dropped onto the area; true while something is held over it. */
function useReception(own: { current: HTMLElement | null }, basket: Basket, area: string): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const place = own.current?.closest<HTMLElement>(area)
    if (!place) return
    let depth = 0
    const holds = (data: DataTransfer | null) => [...(data?.types ?? [])].includes('Files')
    const listeners: [string, (event: Event) => void][] = [
      [
        'paste',
        (event) => {
          const files = (event as ClipboardEvent).clipboardData?.files
          // A copied cell or page brings its text and a picture of it: the text is meant.
          const text = (event as ClipboardEvent).clipboardData?.getData('text/plain')
          if (!files?.length || text) return
          event.preventDefault()
          basket.add(files)
        },
      ],
      [
        'dragenter',
        (event) => {
          if (holds((event as DragEvent).dataTransfer)) setOver(++depth > 0)
        },
      ],
      ['dragleave', () => setOver(depth > 0 && --depth > 0)],
      [
        'dragover',
        (event) => {
          if (holds((event as DragEvent).dataTransfer)) event.preventDefault()
        },
      ],
      [
        'drop',
        (event) => {
          depth = 0
          setOver(false)
          const { dataTransfer } = event as DragEvent
          if (!holds(dataTransfer)) return
          event.preventDefault()
          basket.add(dataTransfer?.files ?? [])
        },
      ],
    ]
    for (const [name, listener] of listeners) place.addEventListener(name, listener)
    return () => {
      for (const [name, listener] of listeners) place.removeEventListener(name, listener)
    }
  }, [basket, area, ready()])
  return over
}
