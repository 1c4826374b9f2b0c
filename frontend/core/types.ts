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

/** A picture in a message. */
export type FileInfo = Schemas['FileOut']

export interface MessageData {
  message_id: string
  client_id: string | null
  author: Author
  kind: 'text' | 'note' | 'answer' | 'notice'
  body: string
  language: string | null
  extra?: (Answer & { masked?: unknown[]; files?: FileInfo[] } & Record<string, unknown>) | null
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

export type Post = Pick<Schemas['Post'], 'conversation' | 'client_id' | 'body'> & {
  note?: boolean
  open?: Opening | null
  question?: string | null
  files?: FileInfo[]
}

export type ClientFrame =
  | Schemas['Auth']
  | Schemas['Subscribe']
  | Schemas['Unsubscribe']
  | ({ type: 'post'; files?: string[] } & Omit<Post, 'files'>)
  | Schemas['Watch']
  | Schemas['Ping']

export type Ack = Schemas['Ack']
export type ProblemFrame = Narrow<
  Omit<Schemas['ProblemFrame'], 'params'>,
  { detail: string | null }
>
export type PositionFrame = Schemas['Position']
export type DeskCounts = Schemas['DeskCounts']

export type ServerFrame =
  | Narrow<Schemas['Ready'], { person: Person }>
  | ({ type: 'event'; conversation: string } & ConversationEvent)
  | Schemas['CaughtUp']
  | Ack
  | ProblemFrame
  | PositionFrame
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
