import './case.css'
import type { Case, CaseParcel } from '../../core/cases.ts'
import { has, t } from '../../core/i18n.ts'
import { exact } from '../../core/time.ts'
import { Badge } from '../badge.tsx'
import { Amount } from './money.tsx'

/** The item, and its page as it was when it was ordered. `open` = shown at once. */
export function Snapshot({ item, open }: { item: Pick<Case, 'line' | 'order'>; open?: boolean }) {
  const { line } = item
  if (!line)
    return (
      <section class="case-part">
        <h2>{t('case.item.order', { ref: item.order })}</h2>
        <p class="muted">{t('case.item.whole_order')}</p>
      </section>
    )
  const { snapshot, store } = line
  const attributes = Object.entries(snapshot.attributes ?? {})
  return (
    <section class="case-part" aria-labelledby="case-item">
      <h2 id="case-item">{t('case.item')}</h2>
      <div class="case-card">
        <p class="case-step-head">
          <strong dir="auto">{line.title}</strong>
          <span>
            {line.quantity > 1 && <span class="tabular">{line.quantity} × </span>}
            <Amount value={line.total} />
          </span>
        </p>
        <p class="muted small">
          <span dir="auto">{store.name}</span> · {t('case.item.order', { ref: item.order })}
        </p>
        <details open={open}>
          <summary>{t('case.item.snapshot')}</summary>
          {snapshot.image && <img class="case-snapshot-image" src={snapshot.image} alt="" />}
          <p class="case-words" dir="auto">
            {(snapshot.text_known && snapshot.text) || t('case.item.snapshot_unknown')}
          </p>
          {attributes.length > 0 && (
            <dl class="case-attributes">
              {attributes.map(([name, value]) => (
                <div key={name}>
                  <dt dir="auto">{name}</dt>
                  <dd dir="auto">{String(value)}</dd>
                </div>
              ))}
            </dl>
          )}
          {snapshot.photos > 0 && !snapshot.image && (
            <p class="muted small">{t('case.item.photos', { n: snapshot.photos })}</p>
          )}
        </details>
      </div>
    </section>
  )
}

/** What the carrier says. */
export function Parcels({ parcels }: { parcels: readonly CaseParcel[] }) {
  if (!parcels.length) return null
  return (
    <section class="case-part" aria-labelledby="case-parcels">
      <h2 id="case-parcels">{t('case.parcels')}</h2>
      {parcels.map((parcel) => (
        <Parcel parcel={parcel} key={`${parcel.carrier}${parcel.tracking}`} />
      ))}
    </section>
  )
}

function Parcel({ parcel }: { parcel: CaseParcel }) {
  const key = `case.parcel.${parcel.state}`
  return (
    <div class="case-card">
      <p class="case-step-head">
        <strong dir="auto">
          {[parcel.carrier, parcel.tracking].filter(Boolean).join(' · ') || t('case.parcel')}
        </strong>
        <Badge kind={parcel.state === 'delivered' ? 'success' : 'neutral'}>
          {has(key) ? t(key) : parcel.state}
        </Badge>
      </p>
      {parcel.delivered_at && (
        <p class="small tabular">{t('case.parcel.at', { at: exact(parcel.delivered_at) })}</p>
      )}
      {!!parcel.steps?.length && (
        <ol class="case-scans small">
          {[...parcel.steps].reverse().map(({ at, text }) => (
            <li key={at + text}>
              <span dir="auto">{text}</span>{' '}
              <time class="muted tabular" dateTime={at}>
                {exact(at)}
              </time>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
