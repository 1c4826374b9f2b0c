/**
 * Shapes of API v1 and of the live socket, from the schema that the server generates: when the
 * server changes, the build says where. Times are ISO 8601 UTC. What the schema leaves open (the
 * data of an event, names of roles) is narrowed here.
 */
import type { components, paths } from './schema.d.ts'

type Schemas = components['schemas']
type Narrow<T, Fields> = Omit<T, keyof Fields> & Fields

/** A route of the API, with `{name}` for what changes. */
export type Path = keyof paths

export type Role = 'visitor' | 'buyer' | 'seller' | 'operator' | 'administrator'
export type Party = Schemas['ConversationOut']['party']
export type AuthorParty = Party | 'assistant' | 'system'

export type Person = Narrow<Schemas['PersonOut'], { role: Role }>

/** `amount` in minor units (cents) of `currency` (ISO 4217). */
export type Money = Schemas['Money']

export interface Page<T> {
  items: T[]
  next: string | null
}

export type NamedPerson = Schemas['PersonName']
export type Titled = Schemas['Titled']

// ---- conversations

export type Conversation = Narrow<Schemas['ConversationOut'], { last_party?: string | null }>
export type ConversationStateName = Conversation['state']
export type Opening = Partial<Schemas['OpeningFrame']>
export type Place = Narrow<Schemas['PlaceOut'], { state: ConversationStateName }>

export interface Author {
  id: string | null
  name: string
  party: AuthorParty
}

export interface Answer {
  question?: { key: string; title: string; url: string | null } | null
  suggestions?: Titled[]
  /** Where the assistant knows nothing: the topics to choose from. */
  topics?: Titled[]
  sure?: boolean
  actions?: string[]
  helped?: boolean | null
  /** Worded by a language model, from the articles in `citations`. */
  machine?: boolean
  citations?: { key: string; title: string; url: string }[]
}

/** A picture or another file in a message. */
export type FileInfo = Narrow<Schemas['FileOut'], { kind?: 'image' | 'file' }>

/** What a message answers; it follows what becomes of that message. */
export interface Quote {
  message_id: string
  author: { name: string; party: AuthorParty }
  excerpt: string
  deleted?: boolean
}

export interface MessageData {
  message_id: string
  client_id: string | null
  author: Author
  kind: 'text' | 'note' | 'answer' | 'notice'
  body: string
  language: string | null
  extra?:
    | (Answer & {
        masked?: unknown[]
        files?: FileInfo[]
        mentions?: NamedPerson[]
        quote?: Quote | null
      } & Record<string, unknown>)
    | null
  /** Folded in by `reduce`: the body is the latest one. */
  edited?: { at: string; by: NamedPerson | null }
  /** Folded in by `reduce`: nothing of the text or its files is left. */
  deleted?: { at: string; by: NamedPerson | null }
}

export interface StateData {
  from: ConversationStateName | null
  to: ConversationStateName
  reason: string | null
  operator?: NamedPerson | null
  /** Snoozed until then; null where nothing but an answer wakes it. */
  until?: string | null
}

/** "Everything up to this message", by a whole party; null = nothing yet. */
export interface ReceiptData {
  party: Party
  delivered: string | null
  read: string | null
}

export interface RatedData {
  /** 1 to 5. */
  score: number
  reason: string | null
  comment: string | null
}

/** Where a conversation was and is: a team, and the operator who has it. */
export interface Holder {
  team?: string | null
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
  | Numbered<
      'edited',
      { message_id: string; body: string; excerpt?: string | null; by: NamedPerson | null }
    >
  | Numbered<'deleted', { message_id: string; by: NamedPerson | null }>
  | Numbered<'receipt', ReceiptData>
  | Numbered<'rated', RatedData>
  | Numbered<'tags', { tags: string[]; by: NamedPerson | null }>
  | Numbered<
      'transferred',
      { from: Holder; to: Holder; by: NamedPerson | null; note?: string | null }
    >
  | Numbered<'merged', Joint>
  | Numbered<'split', Joint>
  | Numbered<'priority', { priority: number; by: NamedPerson | null }>

/** Two conversations became one, or one became two: ids, seen from this one. */
export interface Joint {
  into: string | null
  from: string | null
  by: NamedPerson | null
}

// ---- the live socket

export type Post = Pick<Schemas['Post'], 'conversation' | 'client_id' | 'body'> & {
  note?: boolean
  open?: Opening | null
  question?: string | null
  files?: FileInfo[]
  /** Drawn at once; only its id is sent. */
  quote?: Quote | null
  /** Staff: the last number of the stream that the author had seen. */
  after?: number | null
  mentions?: NamedPerson[]
}

export type ClientFrame =
  | Schemas['Auth']
  | Schemas['Subscribe']
  | Schemas['Unsubscribe']
  | ({
      type: 'post'
      files?: string[]
      quote?: string
      mentions?: string[]
    } & Omit<Post, 'files' | 'quote' | 'mentions'>)
  | Schemas['Typing']
  | Narrow<Schemas['Seen'], { read: boolean }>
  | Schemas['Look']
  | Schemas['Watch']
  | Schemas['Ping']

export type Ack = Schemas['Ack']
export type ProblemFrame = Narrow<
  Schemas['ProblemFrame'],
  { detail: string | null; params?: Record<string, unknown> }
>
export type PositionFrame = Schemas['Position']
export type TypingFrame = Schemas['SomebodyTyping']
export type LookingFrame = Schemas['Looking']
export type Looker = Schemas['Looker']
export type DeskCounts = Schemas['DeskCounts']

export type ServerFrame =
  | Narrow<Schemas['Ready'], { person: Person }>
  | ({ type: 'event'; conversation: string } & ConversationEvent)
  | Schemas['CaughtUp']
  | Ack
  | ProblemFrame
  | PositionFrame
  | TypingFrame
  | LookingFrame
  | Schemas['Desk']
  | Schemas['Pong']

// ---- panel

export type Hours = Schemas['HoursOut']
export type Topic = Schemas['TopicOut']
export type PanelStart = Schemas['PanelStart']
export type Question = Schemas['GuideAnswer']
export type Channel = Narrow<
  Schemas['ChannelOut'],
  { channel: 'assistant' | 'chat' | 'email' | 'order' | 'store_form' | 'case' }
>

// ---- marketplace

export type OrderSummary = Schemas['OrderSummary']
export type OrderProblem = NonNullable<OrderSummary['problem']>
export type Order = Schemas['OrderView']
export type OrderLine = Schemas['LineView']
export type Parcel = Schemas['ParcelView']
export type OrderRequests = Schemas['OrderRequestsOut']
export type OrderRequest = Schemas['OrderRequestOut']
