import { t } from '../core/i18n.ts'
import { priorityName, teamName } from './changes.ts'
import { elapsed } from './elapsed.ts'
import type { MacroAction } from './thread-types.ts'

/** The name of a colleague by id. */
type NameOf = (id: string) => string

/** What a macro does besides its text, in words, in order. */
export function actionsInWords(actions: readonly MacroAction[], nameOf: NameOf): string {
  return actions.map((action) => actionInWords(action, nameOf)).join(' · ')
}

function actionInWords(action: MacroAction, nameOf: NameOf): string {
  const { tag, team, operator, priority, minutes, note } = action
  switch (action.do) {
    case 'tag':
    case 'untag':
      return t(`desk.macro.do.${action.do}`, { tags: String(tag ?? '') })
    case 'transfer':
      return t('desk.macro.do.transfer', {
        to: team ? teamName(String(team)) : nameOf(String(operator)),
      })
    case 'priority':
      return t('desk.macro.do.priority', { priority: priorityName(Number(priority)) })
    case 'snooze':
      return t('desk.macro.do.snooze', { time: elapsed(Number(minutes) * 60_000) })
    case 'note':
      return t('desk.macro.do.note', { text: String(note ?? '') })
    case 'resolve':
    case 'follow':
      return t(`desk.macro.do.${action.do}`)
  }
}
