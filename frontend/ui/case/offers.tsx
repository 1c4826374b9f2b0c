import './case.css'
import '../more_icons.ts'
import type { Case, CaseOffer } from '../../core/cases.ts'
import { isOwn } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { exact } from '../../core/time.ts'
import { Icon } from '../icon.tsx'
import { Amount } from './money.tsx'

/** The offer on the table, the marketplace's own beside it, and what was offered before. */
export function OfferBox({ item }: { item: Case }) {
  const { offers } = item
  // What was decided or is over leaves nothing on the table.
  const over = item.decision !== null || item.closed_at !== null
  const offer = over ? null : item.offer
  const proposal = over ? null : item.proposal
  const current = [offer?.version, proposal?.version]
  const earlier = offers.filter(({ version }) => !current.includes(version))
  if (!offer && !proposal && !earlier.length) return null
  return (
    <section class="case-part" aria-labelledby="case-offers">
      <h2 id="case-offers">{t('case.offers')}</h2>
      {(offer || proposal) && (
        <div class="case-offers">
          {offer && <Offer offer={offer} item={item} />}
          {proposal && <Offer offer={proposal} item={item} proposal />}
        </div>
      )}
      {earlier.length > 0 && (
        <details>
          <summary>{t('case.offers.earlier', { n: earlier.length })}</summary>
          <ol class="case-earlier">
            {[...earlier].reverse().map((one) => (
              <li key={one.version}>
                <Offer offer={one} item={item} past />
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
  )
}

interface OfferProps {
  offer: CaseOffer
  item: Pick<Case, 'viewer'>
  proposal?: boolean
  past?: boolean
}

/** One offer: of whom, how much, in what form, and who has said yes. */
export function Offer({ offer, item, proposal, past }: OfferProps) {
  const own = isOwn(item, offer.by)
  const of = proposal || offer.by === 'staff' ? 'proposal' : own ? 'own' : offer.by
  return (
    <article class={`case-offer ${past ? 'past' : ''} ${proposal ? 'proposal' : ''}`}>
      <p class="case-step-head">
        <span class="case-offer-by">
          {proposal && <Icon name="scale" size={18} />}
          {t(`case.offer.of.${of}`)}
        </span>
        <time class="muted small tabular" dateTime={offer.at}>
          {exact(offer.at)}
        </time>
      </p>
      <p class="case-offer-what">
        {offer.amount && <Amount value={offer.amount} large={!past} />}
        <strong dir="auto">{offer.label}</strong>
      </p>
      {offer.text && (
        <p class="case-words" dir="auto">
          {offer.text}
        </p>
      )}
      {offer.accepted_by.length > 0 && (
        <p class="case-accepted small">
          <Icon name="check" size={16} />
          {offer.accepted_by
            .map((party) =>
              isOwn(item, party) && party !== 'staff'
                ? t('case.offer.accepted_you')
                : t('case.offer.accepted', { party: t(`case.party.${party}`) }),
            )
            .join(' ')}
        </p>
      )}
    </article>
  )
}
