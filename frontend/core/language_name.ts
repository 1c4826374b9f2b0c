import { PSEUDO } from './i18n.ts'

/** "español": a language under its own name. */
export function languageName(tag: string, inLanguage: string = tag): string {
  if (tag === PSEUDO) return 'Pseudo (RTL)'
  const name = new Intl.DisplayNames([inLanguage], { type: 'language' }).of(tag) ?? tag
  return name.charAt(0).toLocaleUpperCase(inLanguage) + name.slice(1)
}
