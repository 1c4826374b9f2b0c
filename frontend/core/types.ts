/** Shapes of API v1 and of the live socket. Times are ISO 8601 UTC. */

export type Role = 'visitor' | 'buyer' | 'seller' | 'operator' | 'administrator'
export type Party = 'buyer' | 'seller' | 'staff'
export type AuthorParty = Party | 'assistant' | 'system'

export interface Person {
  id: string
  role: Role
  name: string
  language: string
  languages?: string[] | null
}

/** `amount` in minor units (cents) of `currency` (ISO 4217). */
export interface Money {
  amount: number
  currency: string
}

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface NamedPerson {
  id: string
  name: string
}

export interface Titled {
  key: string
  title: string
}

// ---- conversations

export type ConversationStateName =
  | 'bot'
  | 'waiting'
  | 'assigned'
  | 'resolved'
  | 'snoozed'
  | 'deferred'

export interface Conversation {
  id: string
  channel: string
  state: ConversationStateName
  language: string
  topic: string | null
  question: string | null
  order_ref: string | null
  created_at: string
  updated_at: string
  last_seq: number
  party: Party
  buyer: NamedPerson | null
  operator: NamedPerson | null
  preview: string | null
}

export interface Opening {
  channel: 'chat'
  site: string
  language: string
  topic?: string | null
  question?: string | null
  order_ref?: string | null
  page?: string | null
}

export interface Author {
  id: string | null
  name: string
  party: AuthorParty
}

export interface Answer {
  question?: { key: string; title: string; url: string | null } | null
  suggestions?: Titled[]
  /** Where nothing fitted: the topics of the guide. */
  topics?: Titled[]
  sure?: boolean
  actions?: string[]
  helped?: boolean | null
}

export interface MessageData {
  message_id: string
  client_id: string | null
  author: Author
  kind: 'text' | 'note' | 'answer' | 'notice'
  body: string
  language: string | null
  extra?: (Answer & { masked?: unknown[] } & Record<string, unknown>) | null
}

export interface StateData {
  from: ConversationStateName | null
  to: ConversationStateName
  reason: string | null
  operator?: NamedPerson | null
}

interface Numbered<Kind extends string, Data> {
  seq: number
  kind: Kind
  at: string
  data: Data
}

export type ConversationEvent =
  | Numbered<'message', MessageData>
  | Numbered<'state', StateData>
  | Numbered<'assigned', { operator: NamedPerson | null }>
  | Numbered<'joined', Record<string, unknown>>
  | Numbered<'order', { order_ref: string | null }>

// ---- the live socket

export interface Post {
  conversation: string
  client_id: string
  body: string
  note?: boolean
  open?: Opening | null
  question?: string | null
}

export type ClientFrame =
  | { type: 'auth'; token: string | null; csrf: string | null }
  | { type: 'subscribe'; conversation: string; after: number }
  | { type: 'unsubscribe'; conversation: string }
  | ({ type: 'post' } & Post)
  | { type: 'watch' }
  | { type: 'ping' }

export interface Ack {
  type: 'ack'
  client_id: string
  conversation: string
  message_id: string
  seq: number
  at: string
}

export interface ProblemFrame {
  type: 'problem'
  client_id: string | null
  conversation: string | null
  code: string
  title: string
  detail: string | null
  status: number
}

export interface PositionFrame {
  type: 'position'
  conversation: string
  position: number | null
  reason: string | null
}

export interface DeskCounts {
  waiting: number
  mine: number
  all_open: number
}

export type ServerFrame =
  | { type: 'ready'; person: Person; at: string }
  | ({ type: 'event'; conversation: string } & ConversationEvent)
  | { type: 'caught_up'; conversation: string; seq: number }
  | Ack
  | ProblemFrame
  | PositionFrame
  | { type: 'desk'; counts: DeskCounts }
  | { type: 'pong' }

// ---- panel

export interface Hours {
  language: string
  open: boolean
  opens_at: string | null
  closes_at: string | null
  always: boolean
}

export interface Topic extends Titled {
  categories: (Titled & { questions: Titled[] })[]
}

export interface PanelStart {
  site: { name: string; languages: string[]; accent?: string | null }
  person: Person | null
  suggestions: Titled[]
  topics: Topic[]
  hours: Hours[]
  question_limit: number
  message_limit: number
  open_conversation: string | null
}

export interface Question extends Titled {
  topic: Titled
  category: Titled
  body: string
  html: string
  language: string
  machine: boolean
  needs: { order: boolean; signed_in: boolean }
  actions: string[]
  url: string | null
}

export interface Channel {
  channel: 'assistant' | 'chat' | 'email' | 'order' | 'store_form' | 'case'
  offered: boolean
  reason: string | null
  expectation: string
  mailbox?: string | null
  case_reason?: string | null
  open_now?: boolean | null
  opens_at?: string | null
  waiting?: number | null
  language?: string | null
}

/** A place in the queue; `position` is null where the conversation does not wait. */
export interface Place {
  state: ConversationStateName
  position: number | null
  queue: { team: string; language: string } | null
  open: boolean
  opens_at: string | null
  /** False: nobody of the wished language is there, another language answers. */
  own_language: boolean
}

// ---- marketplace

export type OrderProblem =
  | 'late'
  | 'unpaid_charged'
  | 'listing_removed'
  | 'under_warranty'
  | 'refund_pending'

export interface OrderSummary {
  ref: string
  placed_at: string
  state: string
  problem: OrderProblem | null
  total: Money
  title: string
  lines: number
  deliver_by: string | null
  delivered_at: string | null
  image: string | null
}

export interface OrderLine {
  position: number
  quantity: number
  unit_price: Money
  store: { ref: string; name: string }
  product: { ref: string; title: string; removed_at: string | null; url: string | null }
  snapshot: {
    title: string
    text: string | null
    text_known: boolean
    attributes: Record<string, unknown>
    price: Money
    photos: number
    category: string | null
  }
  warranty_until: string | null
}

export interface Parcel {
  carrier: string
  tracking: string | null
  state: string
  dispatched_at: string | null
  delivered_at: string | null
  estimated_at: string | null
  steps: { at: string; text: string }[]
}

export interface Order extends Omit<OrderSummary, 'lines'> {
  lines: OrderLine[]
  payments: { method: string; amount: Money; state: string; at: string; charged: boolean }[]
  parcels: Parcel[]
  ship_by: string | null
}
