import type { components } from '../../core/schema.d.ts'

/** Shapes of measured help, from the schema that the server generates. */
type Schemas = components['schemas']

export type Outcomes = Schemas['OutcomesOut']
export type Account = Schemas['AccountOut']
export type Unanswered = Schemas['UnansweredOut']
export type UnansweredPage = Schemas['UnansweredPage']
export type Confused = Schemas['ConfusedOut']
export type Effect = Schemas['EffectOut']
export type Verdict = Schemas['VerdictOut']
export type SuggestionTable = Schemas['SuggestionTable']
export type Trial = Schemas['TrialOut']
