/** Shapes of what the thread and its dialogs ask of API v1. */

/** When a team works; wall times of `zone` by the weekday on which an interval begins. */
export interface TeamHours {
  zone: string
  always: boolean
  week: Record<string, [string, string][]>
}

/** A colleague, and whether they are here. */
export interface Colleague {
  id: string
  name: string
  state: 'by_hand' | 'available' | 'paused' | 'off'
  connected: boolean
  load: number
  capacity: number
  languages: string[]
  teams: string[]
}

export interface MacroAction {
  do: 'tag' | 'untag' | 'resolve' | 'snooze' | 'transfer' | 'priority' | 'note' | 'follow'
  [detail: string]: unknown
}

export interface Macro {
  id: string
  key: string
  name: string
  /** By language; empty where the macro only does something. */
  texts: Record<string, string>
  actions: MacroAction[]
  shared: boolean
}

/** What is due by the promises of the marketplace. */
export interface Clock {
  kind: 'first_response' | 'next_response' | 'resolution'
  due_at: string | null
  /** Outside the team's hours, or while nobody of ours is waited for. */
  paused: boolean
  breached: boolean
}

export interface Edition {
  body: string | null
  at: string
  by: { id: string; name: string } | null
}
