/** Shapes of the administration's part of API v1. */
import type { components } from '../core/schema.d.ts'

export interface Overview {
  sites: { key: string; name: string; origins: string[]; languages: string[] }[]
  teams: TeamRow[]
  staff: StaffRow[]
  counts: Record<string, number>
}

export interface TeamRow {
  team: string
  language: string
  open: boolean
  opens_at: string | null
  closes_at: string | null
  always: boolean
  fallback: boolean
  zone: string
  /** Weekday (`mon` .. `sun`) -> intervals that start on it, as wall times of the zone. */
  week: Record<string, [string, string][]>
}

export interface StaffRow {
  id: string
  name: string
  email: string
  role: string
  languages: string[]
  disabled: boolean
}

/** What an editor must know about a text. */
export interface TextState {
  key: string
  language: string
  title: string
  version: number
  edited: boolean
  updated_at: string | null
  /** Version of the source text that it says; null in the source language. */
  made_from: number | null
  source_version: number | null
  stale: boolean
  /** Somebody whose language it is has read it. */
  reviewed: boolean
}

export interface TextRow extends TextState {
  answered: boolean
  drafted: boolean
}

export interface Words {
  title: string
  body: string | null
}

export interface TextDraft extends Words {
  saved_by: string
  saved_at: string
}

export interface EditableText extends TextState {
  body: string | null
  draft: TextDraft | null
}

export interface OldText {
  version: number
  title: string
  origin: 'shipped' | 'edited' | 'restored'
  restored_from: number | null
  made_from: number | null
  made_by: string | null
  made_at: string
}

export interface Piece {
  kind: 'same' | 'removed' | 'added'
  text: string
}

export interface VersionChanges {
  text: OldText
  body: string | null
  title_changes: Piece[]
  body_changes: Piece[]
}

export interface Delivery {
  id: string
  endpoint: string
  event: string
  kind: string
  state: 'pending' | 'delivered' | 'dead'
  attempts: number
  next_at: string | null
  last_status: number | null
  last_error: string | null
  created_at: string
  finished_at: string | null
}

export interface Endpoint {
  id: string
  url: string
  disabled_at: string | null
}

/** A way of asking a question that somebody taught the assistant. */
export type Taught = components['schemas']['TaughtOut']
