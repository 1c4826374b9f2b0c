import { language, languageName, t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { teamName } from './changes.ts'
import type { Desk } from './desk.ts'
import { CHANNELS, type FilterName, isEmpty, LIST_FILTERS, ORDERS, withFilter } from './filters.ts'
import { topicName } from './inbox.ts'
import { OFFERED } from './language.ts'

const TOPICS = ['orders', 'profile', 'coupons', 'returns', 'payment', 'rules']

export type Choice = readonly [value: string, text: string]

/** What a filter can be set to, in words. */
export function choices(desk: Desk, name: FilterName): Choice[] {
  const { known, lists } = desk
  switch (name) {
    case 'language': {
      const spoken = known.operators.value.flatMap((one) => one.languages)
      const seen = lists.rows.value.map((row) => row.language)
      const tags = [...new Set([...OFFERED, ...spoken, ...seen])].sort()
      return tags.map((tag) => [tag, languageName(tag, language.value)])
    }
    case 'channel':
      return CHANNELS.map((one) => [one, t(`desk.channel.${one}`)])
    case 'topic': {
      const seen = lists.rows.value.flatMap((row) => (row.topic ? [row.topic] : []))
      return [...new Set([...TOPICS, ...seen])].map((key) => [key, topicName(key)])
    }
    case 'team': {
      const seen = lists.rows.value.flatMap((row) => (row.team ? [row.team] : []))
      return [...new Set([...known.teams.value, ...seen])].sort().map((key) => [key, teamName(key)])
    }
    case 'tag':
      return known.tags.value.map((tag) => [tag, tag])
    case 'operator':
      return [
        ['me', t('desk.filter.me')],
        ['none', t('desk.filter.none')],
        ...known.operators.value.map(({ id, name: text }): Choice => [id, text]),
      ]
    case 'order':
      return ORDERS.map((order) => [order, t(`desk.filter.order.${order}`)])
    default:
      return []
  }
}

/** One filter as a field. What is set stays offered, though nobody knows it any more. */
export function FilterField(props: {
  desk: Desk
  name: FilterName
  value: string | undefined
  onChange: (value: string) => void
}) {
  const { desk, name, value, onChange } = props
  const offered = choices(desk, name)
  const lost = value && !offered.some(([one]) => one === value)
  return (
    <label>
      <span>{t(`desk.filter.${name}`)}</span>
      <select
        class="field"
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{t(`desk.filter.any_${name === 'order' ? 'order' : 'other'}`)}</option>
        {lost && <option value={value}>{value}</option>}
        {offered.map(([one, text]) => (
          <option key={one} value={one}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
}

export function FilterMenu({ desk }: { desk: Desk }) {
  const filters = desk.lists.filters.value
  const n = Object.keys(filters).length
  return (
    <>
      <button
        type="button"
        class="button plain small icon-only filter-button"
        popovertarget="inbox-filters"
        title={t('desk.filter.title')}
        aria-label={t('desk.filter.button', { n })}
        data-set={n ? 'true' : undefined}
      >
        <Icon name="filter" size={16} />
      </button>
      <div
        id="inbox-filters"
        class="filter-menu pop"
        popover="auto"
        onToggle={(event) => event.newState === 'open' && desk.known.load()}
      >
        <h2>{t('desk.filter.title')}</h2>
        {LIST_FILTERS.map((name) => (
          <FilterField
            key={name}
            desk={desk}
            name={name}
            value={filters[name]}
            onChange={(value) => desk.narrow(withFilter(filters, name, value))}
          />
        ))}
        <Button small kind="quiet" disabled={isEmpty(filters)} onClick={() => desk.narrow({})}>
          {t('desk.filter.clear')}
        </Button>
      </div>
    </>
  )
}

/** What the list is narrowed by, in words; a press takes one away. */
export function FilterChips({ desk }: { desk: Desk }) {
  const filters = desk.lists.filters.value
  const set = LIST_FILTERS.filter((name) => filters[name])
  if (!set.length) return null
  return (
    <ul class="chips" aria-label={t('desk.filter.set')}>
      {set.map((name) => (
        <li key={name}>
          <button
            type="button"
            class="chip"
            aria-label={t('desk.filter.remove', { text: said(desk, name, filters[name]!) })}
            onClick={() => desk.narrow(withFilter(filters, name, ''))}
          >
            <bdi>{said(desk, name, filters[name]!)}</bdi>
            <Icon name="close" size={12} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function said(desk: Desk, name: FilterName, value: string): string {
  return choices(desk, name).find(([one]) => one === value)?.[1] ?? value
}
