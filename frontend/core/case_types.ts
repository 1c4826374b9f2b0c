/** Shapes of the cases' part of API v1, from the schema that the server generates. */
import type { components } from './schema.d.ts'

type Schemas = components['schemas']
type Narrow<T, Fields> = Omit<T, keyof Fields> & Fields

export type CaseViewer = Schemas['CaseOut']['viewer']
export type CaseParty = Schemas['CaseAuthor']['party']
export type CaseTurn = Schemas['CaseOut']['turn']
export type CaseStageName = Schemas['CaseOut']['stage']
export type CaseReason =
  | 'payment_not_credited'
  | 'paid_unavailable'
  | 'not_as_described'
  | 'compensation'
  | 'page_removed'
  | 'warranty'
  | 'not_received'
  | 'cooling_off'

export type CaseFile = Schemas['CaseFileOut']
/** One thing to fill in; a form is a list of them, made by the server. Bounds may be absent. */
export type CaseField = Schemas['CaseField']
export type CaseRemedy = Schemas['CaseRemedyOut']
export type EvidenceType = Schemas['CaseEvidenceTypeOut']
export type CaseReasonChoice = Schemas['CaseReasonOut']
export type CaseFormLine = Schemas['CaseFormLine']
/** What is needed to open a case about an order, with what is known filled in. */
export type CaseForm = Schemas['CaseFormOut']
export type CaseOpening = Required<Schemas['CaseOpening']>

export type CaseRow = Schemas['CaseRowOut']
export type CaseCounts = Schemas['CaseCounts']
export type CaseStage = Schemas['CaseStageOut']
export type CaseLine = Schemas['CaseLine']
export type CaseParcel = Schemas['ParcelView']
export type CaseOffer = Schemas['CaseOffer']
export type CaseDecision = Schemas['CaseDecision']
export type CaseRefund = Schemas['CaseRefund']
/** What the reader may do now; pressing it asks for its fields. */
export type CaseAction = Schemas['CaseAction']
export type CaseStep = Schemas['CaseEvent']
export type CaseEvidence = Schemas['CaseEvidence']
export type EvidenceAsked = Schemas['CaseEvidenceAsked']
export type CaseStaff = Schemas['CaseStaffView']
/** A case, as its reader may see it. */
export type Case = Schemas['CaseOut']
export type CaseVerification = Schemas['CaseVerification']

/** What is sent for a field: a text, minor units of a sum, a tick. */
export type CaseData = NonNullable<Schemas['CaseDeed']['data']>
/** `id` is made once when the person pressed: sent again, it is the same act. */
export type CaseAct = Narrow<Required<Schemas['CaseDeed']>, { version: number }>
