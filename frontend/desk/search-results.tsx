import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Notice, Skeleton } from '../ui/states.tsx'
import { Ago } from '../ui/time.tsx'
import type { Desk } from './desk.ts'
import { type Choice, FilterField } from './filter-menu.tsx'
import { AUTHORS, STATES, withFilter } from './filters.ts'
import { buyerName, topicName } from './inbox.ts'
import { go, path, route } from './routes.ts'
import type { Hit } from './search.ts'

/** What a search found, with the words that were looked for marked. */
export function SearchResults({ desk }: { desk: Desk }) {
  const { found, empty, chosen } = desk.search
  const { hits, next, phase } = found.value
  const box = useRef<HTMLUListElement>(null)
  const place = route.value
  const id = place.app === 'desk' ? place.id : null
  useEffect(() => {
    box.current?.querySelector('[aria-current]')?.scrollIntoView?.({ block: 'nearest' })
  }, [chosen.value])
  return (
    <div class="rows">
      <SearchFilters desk={desk} />
      {phase === 'failed' && (
        <Notice
          kind="warning"
          action={
            <Button small onClick={() => desk.search.again()}>
              {t('desk.inbox.refresh')}
            </Button>
          }
        >
          {t('desk.search.failed')}
        </Notice>
      )}
      {empty.value && (
        <Empty icon="search" title={t('desk.search.start')}>
          {t('desk.search.start_hint')}
        </Empty>
      )}
      {phase === 'busy' && !hits.length && <Skeleton label={t('desk.search.busy')} lines={4} />}
      <div class="visually-hidden" role="status">
        {phase === 'done' && t('desk.search.count', { n: hits.length })}
      </div>
      {phase === 'done' && !hits.length && (
        <Empty title={t('desk.search.none')}>{t('desk.search.none_hint')}</Empty>
      )}
      <ul ref={box}>
        {hits.map((hit) => (
          <HitRow
            key={hit.message_id}
            hit={hit}
            desk={desk}
            current={
              hit.conversation.id === id && (chosen.value ?? hit.message_id) === hit.message_id
            }
          />
        ))}
      </ul>
      {next && (
        <Button kind="quiet" wide busy={phase === 'busy'} onClick={() => desk.search.more()}>
          {t('desk.inbox.more')}
        </Button>
      )}
    </div>
  )
}

function HitRow({ hit, desk, current }: { hit: Hit; desk: Desk; current: boolean }) {
  const { conversation } = hit
  return (
    <li>
      <a
        class="row hit"
        data-row={hit.message_id}
        href={path(desk.search.placeOf(hit))}
        aria-current={current ? 'true' : undefined}
        onClick={() => {
          desk.search.chosen.value = hit.message_id
        }}
      >
        <span class="row-name cut">
          <bdi>{buyerName(conversation)}</bdi>
        </span>
        <span class="row-time tabular">
          <Ago at={hit.at} />
        </span>
        <span class="hit-text" dir="auto">
          {hit.author_party !== 'buyer' && (
            <span class="muted">{t(`desk.message.${hit.author_party}`)}: </span>
          )}
          {hit.snippet.map(({ text, hit: marked }, index) =>
            marked ? <mark key={index}>{text}</mark> : text,
          )}
        </span>
        <span class="row-about">
          <span class="row-topic cut">
            <bdi>{conversation.topic ? topicName(conversation.topic) : t('desk.row.no_topic')}</bdi>
          </span>
          <span class="row-marks">
            <Badge>{t(`desk.state.${conversation.state}`)}</Badge>
          </span>
        </span>
      </a>
    </li>
  )
}

const PLAIN = ['language', 'channel', 'operator', 'tag'] as const

function SearchFilters({ desk }: { desk: Desk }) {
  const filters = desk.search.filters.value
  const { q: _, ...narrowed } = filters
  const n = Object.keys(narrowed).length
  const set = (name: Parameters<typeof withFilter>[1]) => (value: string) =>
    go(
      {
        app: 'desk',
        view: 'search',
        id: desk.open.peek()?.id ?? null,
        filters: withFilter(filters, name, value),
      },
      true,
    )
  return (
    <details class="search-filters" onToggle={() => desk.known.load()} open={n > 0}>
      <summary>{n ? t('desk.search.filters_set', { n }) : t('desk.filter.title')}</summary>
      <div class="filter-grid">
        <Select
          name="author"
          value={filters.author}
          offered={AUTHORS.map((one) => [one, t(`desk.message.${one}`)])}
          onChange={set('author')}
        />
        <Select
          name="state"
          value={filters.state}
          offered={STATES.map((one) => [one, t(`desk.state.${one}`)])}
          onChange={set('state')}
        />
        {PLAIN.map((name) => (
          <FilterField
            key={name}
            desk={desk}
            name={name}
            value={filters[name]}
            onChange={set(name)}
          />
        ))}
        {(['from', 'to'] as const).map((name) => (
          <label key={name}>
            <span>{t(`desk.filter.${name}`)}</span>
            <input
              class="field"
              type="date"
              value={filters[name] ?? ''}
              onChange={(event) => set(name)(event.currentTarget.value)}
            />
          </label>
        ))}
      </div>
    </details>
  )
}

function Select(props: {
  name: 'author' | 'state'
  value: string | undefined
  offered: Choice[]
  onChange: (value: string) => void
}) {
  const { name, value = '', offered, onChange } = props
  return (
    <label>
      <span>{t(`desk.filter.${name}`)}</span>
      <select class="field" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t('desk.filter.any_other')}</option>
        {offered.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}
