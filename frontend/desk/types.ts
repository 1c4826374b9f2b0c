import type { AuthorParty, Conversation, Order, OrderRequest, OrderSummary } from '../core/types.ts'
import type { Clock, TeamHours } from './thread-types.ts'

/** Shapes of the desk's part of API v1. */

export interface InboxRow extends Conversation {
  waiting_since: string | null
  /** Smaller is more urgent; 5 is the ordinary one. */
  priority: number
  last_message: { author_party: AuthorParty; body: string; at: string } | null
  unanswered: boolean
  tags?: string[]
  sla?: Clock | null
  snoozed_until?: string | null
  followed?: boolean
  team?: string | null
  rating?: { score: number; reason: string | null; comment: string | null } | null
  mentioned?: boolean
}

/** A list with a name: whose it is, and whether everybody sees it. */
export interface SavedView {
  id: string
  name: string
  query: Record<string, string>
  shared: boolean
  own: boolean
}

export interface Context {
  buyer: {
    id: string
    ref: string | null
    name: string
    language: string
    visitor: boolean
    /** IANA name of where the buyer's clock is, as their browser says. */
    zone?: string | null
  } | null
  orders: OrderSummary[]
  order: Order | null
  earlier: Conversation[]
  requests: OrderRequest[]
  rating?: { score: number; reason: string | null; comment: string | null; rated_at: string } | null
  /** Since when and why the buyer may not write; `until` null: until somebody lifts it. */
  blocked?: Blocked | null
  tags: string[]
  /** The conversation as a line of the inbox, whatever list it would be in. */
  row?: InboxRow
  /** When the conversation's team works. */
  hours?: TeamHours | null
  /** The name of the site it was asked on. */
  site?: string | null
}

export interface Blocked {
  until: string | null
  reason?: string
  /** What the blocked person says to it. */
  appeal?: string | null
}
