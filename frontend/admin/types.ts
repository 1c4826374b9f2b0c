/** Shapes of the administration's part of API v1. */

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

export interface TextRow {
  key: string
  language: string
  title: string
  answered: boolean
  edited: boolean
  version: number
  updated_at: string
}

export interface EditableText {
  key: string
  language: string
  title: string
  body: string | null
  version: number
  edited: boolean
  updated_at: string
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
