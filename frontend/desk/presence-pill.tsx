import { useComputed, useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { language, languageName, t } from '../core/i18n.ts'
import { clock } from '../core/time.ts'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import { nextAt, PRESENCES, type PresenceState } from './presence.ts'
import { reason } from './reason.ts'
import { me } from './session.ts'
import type { Colleague } from './thread-types.ts'

/** Whether the connection stands, how this operator is here, and how much they have to do. */
export function PresencePill({ desk }: { desk: Desk }) {
  const status = desk.live.status.value
  const mine = desk.presence.mine.value
  const menu = useRef<HTMLDivElement>(null)
  const known = status === 'online' && mine?.state
  const name =
    status === 'online' ? 'online' : status === 'offline' ? 'offline_short' : 'connecting'
  return (
    <>
      <button
        type="button"
        class={`presence ${status} ${known || ''}`}
        popovertarget="presence-menu"
      >
        <span class="dot" aria-hidden="true" />
        <span class="presence-text">{t(`desk.presence.${known || name}`)}</span>
        {known && <Load load={mine.load} capacity={mine.capacity} />}
        <span class="visually-hidden">{t('desk.presence.pill')}</span>
        <Icon name="down" size={14} />
      </button>
      <span class="visually-hidden" role="status">
        {t(`desk.presence.${name}`)}
      </span>
      <div
        id="presence-menu"
        class="presence-menu pop"
        popover="auto"
        ref={menu}
        onToggle={(event) => {
          if (event.newState !== 'open') return
          desk.presence.hint()
          desk.known.loadOperators().catch(() => undefined)
        }}
      >
        {mine?.state && <Choices desk={desk} />}
        <WhoIsHere desk={desk} />
      </div>
    </>
  )
}

function Load({ load, capacity }: { load: number; capacity: number }) {
  return (
    <span class="load tabular" title={t('desk.presence.load', { load, capacity })}>
      {load}/{capacity}
    </span>
  )
}

function Choices({ desk }: { desk: Desk }) {
  const { presence } = desk
  const mine = presence.mine.value!
  const ends = mine.ends_at ? clock(mine.ends_at) : ''
  const until = useSignal(ends)
  const set = async (state: PresenceState, time: string) => {
    try {
      await presence.set(state, time ? nextAt(time, Date.now()) : null)
    } catch (error) {
      toast(reason(error))
    }
  }
  return (
    <fieldset class="presence-choices">
      <legend>{t('desk.presence.how')}</legend>
      {PRESENCES.map((state) => (
        <label key={state} class="presence-choice">
          <input
            type="radio"
            name="presence"
            checked={mine.state === state}
            onChange={() => void set(state, state === 'off' ? '' : until.peek())}
          />
          <span>
            {t(`desk.presence.${state}`)}
            <span class="muted">{t(`desk.presence.${state}_hint`)}</span>
          </span>
        </label>
      ))}
      <label class="presence-until">
        <span>{t('desk.presence.until')}</span>
        <input
          class="field"
          type="time"
          value={until.value}
          onChange={(event) => {
            until.value = event.currentTarget.value
            void set(mine.state, until.peek())
          }}
        />
      </label>
    </fieldset>
  )
}

const RANK: Record<PresenceState, number> = { available: 0, by_hand: 1, paused: 2, off: 3 }

function WhoIsHere({ desk }: { desk: Desk }) {
  const here = useComputed(() =>
    desk.known.operators.value
      .filter((one) => one.connected && one.state !== 'off')
      .sort((a, b) => RANK[a.state] - RANK[b.state] || a.name.localeCompare(b.name)),
  ).value
  return (
    <section class="who">
      <h2>{t('desk.presence.who')}</h2>
      {here.length === 0 && <p class="muted">{t('desk.presence.nobody')}</p>}
      <ul>
        {here.map((one) => (
          <Here key={one.id} one={one} />
        ))}
      </ul>
    </section>
  )
}

function Here({ one }: { one: Colleague }) {
  const tags = one.languages.map((tag) => languageName(tag, language.value))
  return (
    <li>
      <span class={`presence online ${one.state}`}>
        <span class="dot" aria-hidden="true" />
      </span>
      <span class="who-name cut" title={tags.join(', ')}>
        <bdi>{one.name}</bdi>
        {one.id === me().id && <span class="muted"> {t('desk.presence.me')}</span>}
      </span>
      <span class="muted">{t(`desk.presence.${one.state}`)}</span>
      <Load load={one.load} capacity={one.capacity} />
    </li>
  )
}
