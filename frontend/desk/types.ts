import type { AuthorParty, Conversation, Order, OrderRequest, OrderSummary } from '../core/types.ts'

/** Shapes of the desk's part of API v1. */

export interface InboxRow extends Conversation {
  waiting_since: string | null
  /** Smaller is more urgent; 5 is the ordinary one. */
  priority: number
  last_message: { author_party: AuthorParty; body: string; at: string } | null
  unanswered: boolean
}

export interface Context {
  buyer: {
    id: string
    ref: string | null
    name: string
    language: string
    visitor: boolean
  } | null
  orders: OrderSummary[]
  order: Order | null
  earlier: Conversation[]
  requests: OrderRequest[]
}
