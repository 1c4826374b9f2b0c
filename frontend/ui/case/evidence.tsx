import './case.css'
import '../more_icons.ts'
import type { Case, CaseEvidence, CaseParty } from '../../core/cases.ts'
import { isOwn } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { exact, now } from '../../core/time.ts'
import { Icon } from '../icon.tsx'
import { CaseFiles } from './files.tsx'
import { dueText, left } from './until.ts'

type Shown = Pick<Case, 'viewer' | 'evidence'>

/** What both sides have shown; `party` = of one side only. */
export function Evidence({ item, party }: { item: Shown; party?: CaseParty }) {
  const shown = item.evidence.filter((one) => !party || one.party === party)
  const id = `case-evidence-${party ?? 'all'}`
  if (!shown.length && !party) return null
  return (
    <section class="case-part" aria-labelledby={id}>
      <h2 id={id}>{party ? heading(item, party) : t('case.evidence')}</h2>
      {shown.length ? (
        <ul class="case-evidence">
          {shown.map((one) => (
            <Piece key={one.at + one.type} piece={one} item={item} named={!party} />
          ))}
        </ul>
      ) : (
        <p class="muted">{t('case.evidence.none')}</p>
      )}
    </section>
  )
}

function heading(item: Shown, party: CaseParty): string {
  if (isOwn(item, party) && party !== 'staff') return t('case.evidence.yours')
  return t('case.evidence.of', { party: t(`case.party.${party}`) })
}

function Piece({ piece, item, named }: { piece: CaseEvidence; item: Shown; named: boolean }) {
  const own = isOwn(item, piece.party)
  return (
    <li class="case-card">
      <p class="case-step-head">
        <strong dir="auto">{piece.type_label}</strong>
        <time class="muted small tabular" dateTime={piece.at}>
          {exact(piece.at)}
        </time>
      </p>
      {named && (
        <p class="muted small">{own ? t('case.party.you') : t(`case.party.${piece.party}`)}</p>
      )}
      {piece.text && (
        <p class="case-words" dir="auto">
          {piece.text}
        </p>
      )}
      <CaseFiles files={piece.files} />
    </li>
  )
}

/** What was asked for, of whom, and until when. */
export function EvidenceAskedBox({ item }: { item: Case }) {
  const asked = item.evidence_asked
  if (!asked) return null
  const own = isOwn(item, asked.party)
  return (
    <section class={`case-asked ${own ? 'yours' : ''}`} aria-labelledby="case-asked">
      <h2 id="case-asked">
        <Icon name="attach" />
        {own
          ? t('case.evidence.asked_you')
          : t('case.evidence.asked', { party: t(`case.party.${asked.party}`) })}
      </h2>
      <ul class="case-types">
        {asked.types.map(({ type, label }) => (
          <li key={type} dir="auto">
            {label}
          </li>
        ))}
      </ul>
      {asked.text && (
        <p class="case-words" dir="auto">
          {asked.text}
        </p>
      )}
      {asked.due_at && (
        <p class="tabular">
          {t('case.due.by', { at: dueText(asked.due_at, now.value) })}{' '}
          <span class="muted">({left(asked.due_at, now.value)})</span>
        </p>
      )}
    </section>
  )
}
