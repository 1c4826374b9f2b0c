import { signal } from '@preact/signals'
import { language, languageName } from '../core/i18n.ts'

export interface TeamName {
  key: string
  language: string
  names: Record<string, string>
}

/** The teams as the desk knows them. */
export const teamNames = signal<readonly TeamName[]>([])

/** A team in words; teams of several languages may have one name, so the language is said too. */
export function teamName(key: string): string {
  const team = teamNames.value.find((one) => one.key === key)
  const name = team?.names[language.value] ?? team?.names.en
  if (!team || !name) return key.replaceAll('_', ' ')
  return `${name} (${languageName(team.language, language.value)})`
}
