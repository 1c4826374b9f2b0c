/** Shapes of the cases' part of API v1, as all who are part of a case read it. Times are ISO 8601 UTC. */
import type { Money } from './types.ts'

export type CaseParty = 'buyer' | 'seller' | 'staff' | 'system'
export type CaseViewer = 'buyer' | 'seller' | 'staff'
export type CaseTurn = 'buyer' | 'seller' | 'platform' | 'carrier' | 'provider' | 'both' | 'nobody'
export type CaseReason =
  | 'payment_not_credited'
  | 'paid_unavailable'
  | 'not_as_described'
  | 'compensation'
  | 'page_removed'
  | 'warranty'
  | 'not_received'
  | 'cooling_off'

export interface Labelled {
  key: string
  label: string
}

export interface CaseFile {
  id: string
  name: string
  size: number
  media_type: string
  kind: 'image' | 'file'
  /** What it proves: a type of evidence; null = just added. */
  type: string | null
  sha256: string
  url: string
  party: CaseParty
  at: string
}

/** One thing to fill in; a form is a list of them, made by the server. */
export interface CaseField {
  name: string
  label: string
  help: string | null
  kind: 'text' | 'long_text' | 'amount' | 'choice' | 'date' | 'check' | 'files' | 'number'
  required: boolean
  choices: Labelled[] | null
  /** Longest text, most files, or the largest number. */
  max: number | null
  max_amount: Money | null
  value: unknown
}

/** The page of the item as it was when it was ordered. */
export interface CaseSnapshot {
  title: string
  text?: string | null
  image?: string | null
  attributes?: Record<string, unknown>
  taken_at?: string | null
}

export interface CaseLine {
  position: number
  title: string
  quantity: number
  total: Money
  refundable?: Money
  snapshot: CaseSnapshot
  store: { ref: string; name: string }
  /** The open case about it. */
  case?: { id: string; number: string } | null
}

export interface CaseRemedy extends Labelled {
  /** Whether it asks for a sum. */
  amount: boolean
}

export interface EvidenceType {
  type: string
  label: string
  required?: boolean
}

export interface CaseReasonChoice {
  key: CaseReason
  label: string
  help: string | null
  possible: boolean
  /** Why not, in the reader's language. */
  why: string | null
  not_before: string | null
  per_line: boolean
  remedies: CaseRemedy[]
  fields: CaseField[]
  evidence: EvidenceType[]
  /** What happens if the other side does nothing. */
  silence: string
}

/** What is needed to open a case about an order, with what is known filled in. */
export interface CaseForm {
  order: string
  currency: string
  lines: CaseLine[]
  reasons: CaseReasonChoice[]
  contacted_at: string | null
  prefill: { text: string; files: CaseFile[]; reason: CaseReason | null }
}

export interface CaseOpening {
  id: string
  order: string
  line: number | null
  reason: string
  remedy: string
  /** Minor units; null = what the remedy is worth. */
  amount: number | null
  text: string
  fields: Record<string, unknown>
  files: string[]
  conversation: string | null
  contacted: { way: string; at: string | null }
}

export interface CaseRow {
  id: string
  number: string
  order: string
  title: string
  image: string | null
  reason: string
  reason_label: string
  state: string
  stage: string
  state_label: string
  turn: CaseTurn
  /** Whether the reader must act. */
  yours: boolean
  due_at: string | null
  amount: Money | null
  opened_at: string
  closed_at: string | null
  outcome_label: string | null
  buyer_name: string | null
  store_name: string | null
  operator: { id: string; name: string } | null
  alarm: boolean
  unread: boolean
}

export interface CaseStage extends Labelled {
  done: boolean
  current: boolean
}

export interface CaseParcel {
  carrier: string | null
  tracking: string | null
  state: string
  state_label?: string | null
  estimated_at?: string | null
  delivered_at?: string | null
  steps?: { at: string; text: string }[]
}

export interface CaseOffer {
  version: number
  by: CaseParty
  remedy: string
  label: string
  amount: Money | null
  text: string | null
  at: string
  accepted_by: CaseParty[]
}

export interface CaseDecision {
  outcome: string
  remedy: string | null
  label: string
  amount: Money | null
  reasons: string
  rule: string | null
  rule_label: string | null
  at: string
  by: string | null
  appeal_until: string | null
  mode: string | null
}

export interface CaseRefund {
  amount: Money
  state: string
  label: string
  at: string | null
}

/** What the reader may do now; pressing it asks for its fields. */
export interface CaseAction extends Labelled {
  help: string | null
  mandatory: boolean
  due_at: string | null
  kind: 'primary' | 'plain' | 'danger'
  /** A question before it is done. */
  confirm: string | null
  fields: CaseField[]
}

export interface CaseStep {
  no: number
  at: string
  by: { party: CaseParty; name: string | null }
  event: string
  title: string
  text: string | null
  files: CaseFile[]
}

export interface CaseEvidence {
  party: CaseParty
  type: string
  type_label: string
  text: string | null
  files: CaseFile[]
  at: string
}

export interface EvidenceAsked {
  party: CaseParty
  types: EvidenceType[]
  text: string | null
  due_at: string | null
}

export interface CaseStaff {
  buyer: { id: string | null; name: string; cases: number; won: number; granted: Money }
  seller: { store: string; cases: number; lost: number; silent: number }
  alarm: boolean | string | null
  /** Why this operator may not decide it. */
  conflict: string | null
  load: number
  notes: { id: string; at: string; by: string; text: string }[]
  policy_version: string | number
}

/** A case, as the reader may see it. */
export interface Case {
  id: string
  number: string
  version: number
  viewer: CaseViewer
  order: string
  line: CaseLine | null
  parcels: CaseParcel[]
  reason: string
  reason_label: string
  state: string
  stage: string
  state_label: string
  stages: CaseStage[]
  turn: CaseTurn
  yours: boolean
  /** What happens now. */
  now: string
  /** Who must act. */
  who: string
  due_at: string | null
  /** What happens if nobody acts. */
  silence: string
  requested: { remedy: string; label: string; amount: Money | null }
  refundable: Money
  captured: Money
  offer: CaseOffer | null
  /** The marketplace's own, beside the offer. */
  proposal: CaseOffer | null
  offers: CaseOffer[]
  decision: CaseDecision | null
  refund: CaseRefund | null
  actions: CaseAction[]
  timeline: CaseStep[]
  evidence: CaseEvidence[]
  evidence_asked: EvidenceAsked | null
  outcome: { code: string; label: string; text: string | null } | null
  opened_at: string
  closed_at: string | null
  conversation: string | null
  parent: { id: string; number: string } | string | null
  operator: { id: string; name: string } | null
  staff: CaseStaff | null
}

export interface CaseAct {
  /** Made once when the person pressed: sent again, it is the same act. */
  id: string
  action: string
  data: Record<string, unknown>
  files: string[]
  /** The version of the case that was before the person's eyes. */
  version: number
}
