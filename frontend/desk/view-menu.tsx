import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import { reason } from './reason.ts'
import { path, route, VIEWS, type View } from './routes.ts'
import type { SavedView } from './types.ts'
import { placeOf, savedAs } from './views.ts'

const TABS: readonly View[] = ['waiting', 'mine', 'all']

function openId(): string | null {
  const place = route.value
  return place.app === 'desk' ? place.id : null
}

/** How many there are, where that is known. */
function countOf(desk: Desk, view: View): number | undefined {
  const counts = desk.lists.counts.value
  if (!counts) return undefined
  // Being resolved: gone for the eye, though the server counts it for some seconds more.
  const going = desk.lists.hidden.value.size
  const known: Partial<Record<View, number>> = {
    waiting: counts.waiting,
    mine: Math.max(0, counts.mine - going),
    all: Math.max(0, counts.all_open - going),
    mentions: counts.mentions,
    due: counts.due,
  }
  return known[view]
}

function Count({ desk, view }: { desk: Desk; view: View }) {
  const n = countOf(desk, view)
  // Nought of what is an exception is no news.
  if (n === undefined || (!n && !TABS.includes(view))) return null
  return <span class="count tabular">{n}</span>
}

/** The lists one looks at most, and behind the last tab all of them. */
export function ViewTabs({ desk }: { desk: Desk }) {
  const place = route.value
  const searching = place.app === 'desk' && place.view === 'search'
  const { lists, views } = desk
  const view = lists.view.value
  const saved = savedAs(views.all.value, view, lists.filters.value)
  const tab = !saved && !searching && TABS.includes(view)
  const other = saved?.name ?? t(`desk.view.${view}`)
  return (
    <nav class="views" aria-label={t('desk.view.label')}>
      {TABS.map((name) => (
        <a
          key={name}
          href={path({ app: 'desk', view: name, id: openId() })}
          aria-current={tab && view === name ? 'page' : undefined}
        >
          <span>{t(`desk.view.${name}`)}</span> <Count desk={desk} view={name} />
        </a>
      ))}
      <button
        type="button"
        class="view-more"
        popovertarget="view-menu"
        data-current={!tab && !searching ? 'true' : undefined}
      >
        <span class="cut">
          <bdi>{tab || searching ? t('desk.view.more') : other}</bdi>
        </span>
        <span class="visually-hidden">{t('desk.view.more_label')}</span>
        <Icon name="down" size={14} />
      </button>
      <ViewMenu desk={desk} current={saved} />
    </nav>
  )
}

function ViewMenu({ desk, current }: { desk: Desk; current: SavedView | undefined }) {
  const menu = useRef<HTMLDivElement>(null)
  const place = route.value
  const close = () => menu.current?.hidePopover?.()
  useEffect(close, [place])
  return (
    <div
      id="view-menu"
      class="view-menu pop"
      popover="auto"
      ref={menu}
      onToggle={(event) => event.newState === 'open' && void desk.views.load()}
    >
      <ViewList desk={desk} current={current} onSave={close} />
    </div>
  )
}

/** Every list by its name, with the saved ones. Also the rail of a wide screen. */
export function ViewList(props: {
  desk: Desk
  current: SavedView | undefined
  onSave?: () => void
}) {
  const { desk, current, onSave } = props
  const place = route.value
  const searching = place.app === 'desk' && place.view === 'search'
  const view = desk.lists.view.value
  return (
    <>
      <ul>
        {VIEWS.map((name) => (
          <li key={name}>
            <a
              href={path({ app: 'desk', view: name, id: openId() })}
              aria-current={!searching && !current && view === name ? 'page' : undefined}
            >
              <span>{t(`desk.view.${name}`)}</span> <Count desk={desk} view={name} />
            </a>
          </li>
        ))}
      </ul>
      <Saved desk={desk} current={current} />
      <Button
        kind="quiet"
        small
        wide
        onClick={() => {
          onSave?.()
          desk.dialog.value = 'save_view'
        }}
      >
        {t('desk.view.save')}
      </Button>
    </>
  )
}

function Saved({ desk, current }: { desk: Desk; current: SavedView | undefined }) {
  const all = desk.views.all.value
  if (desk.views.failed.value && !all.length)
    return <p class="muted small">{t('desk.view.saved_failed')}</p>
  if (!all.length) return null
  const remove = (saved: SavedView) =>
    desk.views.remove(saved).then(
      () => toast(t('desk.view.removed', { name: saved.name })),
      (error: unknown) => toast(reason(error)),
    )
  return (
    <>
      <h2>{t('desk.view.saved')}</h2>
      <ul>
        {all.map((saved) => (
          <li key={saved.id} class="saved">
            <a
              href={path({ app: 'desk', id: openId(), ...placeOf(saved) })}
              aria-current={current?.id === saved.id ? 'page' : undefined}
            >
              <span class="cut">
                <bdi>{saved.name}</bdi>
              </span>{' '}
              {saved.shared && <span class="muted small">{t('desk.view.shared')}</span>}
            </a>
            {saved.own && (
              <IconButton
                icon="close"
                small
                label={t('desk.view.remove', { name: saved.name })}
                onClick={() => void remove(saved)}
              />
            )}
          </li>
        ))}
      </ul>
    </>
  )
}

/** On a wide screen the lists stand beside the inbox instead of behind a tab. */
export function ViewRail({ desk }: { desk: Desk }) {
  const { lists, views } = desk
  useEffect(() => void views.load(), [views])
  const saved = savedAs(views.all.value, lists.view.value, lists.filters.value)
  return (
    <nav class="view-rail" aria-label={t('desk.view.label')}>
      <ViewList desk={desk} current={saved} />
    </nav>
  )
}
