import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { Desk } from './desk.ts'
import { withFilter } from './filters.ts'
import { go } from './routes.ts'

const PAUSE_MS = 250

/** Search over all messages: what is typed is asked after a short pause, and stands in the address. */
export function SearchField({ desk, searching }: { desk: Desk; searching: boolean }) {
  const { search } = desk
  const asked = searching ? (search.filters.value.q ?? '') : ''
  const text = useSignal(asked)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // What we asked ourselves comes back through the address; letters typed meanwhile stay.
  const sent = useRef(asked)
  useEffect(() => {
    if (asked !== sent.current) text.value = asked
    sent.current = asked
  }, [asked, text])
  useEffect(() => () => clearTimeout(timer.current), [])
  const ask = () => {
    clearTimeout(timer.current)
    const q = text.peek().trim()
    if (!searching && !q) return
    sent.current = q
    const id = desk.open.peek()?.id ?? null
    const filters = withFilter(search.filters.peek(), 'q', q)
    // Every letter is no step of the history; the way from a list to the search is one.
    go({ app: 'desk', view: 'search', id, filters }, searching)
  }
  return (
    <search class="inbox-search">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          ask()
        }}
      >
        <label>
          <Icon name="search" size={16} />
          <span class="visually-hidden">{t('desk.search.label')}</span>
          <input
            type="search"
            value={text.value}
            maxLength={200}
            placeholder={t('desk.search.hint')}
            aria-keyshortcuts={desk.keys.map.value.search}
            onInput={(event) => {
              text.value = event.currentTarget.value
              clearTimeout(timer.current)
              timer.current = setTimeout(ask, PAUSE_MS)
            }}
          />
        </label>
      </form>
      {searching && (
        <IconButton
          icon="close"
          small
          label={t('desk.search.close')}
          onClick={() => desk.goTo(desk.open.peek()?.id ?? null, desk.lists.view.peek())}
        />
      )}
    </search>
  )
}
