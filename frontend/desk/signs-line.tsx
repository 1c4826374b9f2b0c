import { t } from '../core/i18n.ts'
import { TypingLine } from '../ui/typing.tsx'
import type { Mode } from './compose.ts'
import { inSentence } from './inbox.ts'
import type { Open } from './open.ts'

/**
 * What happens just now beside what is written: the buyer is typing, colleagues look or answer. A
 * colleague who answers is said loudly to somebody about to answer too.
 */
export function Signs({ open, name, mode }: { open: Open; name: string; mode: Mode }) {
  const { typing, looking } = open.followed
  const writers = typing.value.filter(({ party }) => party !== 'staff')
  const text = writers.length
    ? t('desk.signs.typing', { name: inSentence(writers[0]!.name || name) })
    : null
  const people = looking.value
  const replying = people.filter((one) => one.mode === 'replying')
  const viewing = people.filter((one) => one.mode === 'viewing')
  const both = replying.length > 0 && mode === 'reply' && Boolean(open.texts.reply.value.trim())
  return (
    <>
      <TypingLine text={text} />
      <p class={`signs-people ${both ? 'both' : ''}`} role="status">
        {replying.length > 0 && (
          <strong>
            {t(both ? 'desk.signs.replying_too' : 'desk.signs.replying', {
              name: list(replying),
              n: replying.length,
            })}
          </strong>
        )}
        {replying.length > 0 && viewing.length > 0 && ' · '}
        {viewing.length > 0 && t('desk.signs.viewing', { name: list(viewing), n: viewing.length })}
      </p>
    </>
  )
}

function list(people: readonly { name: string }[]): string {
  return people.map(({ name }) => inSentence(name)).join(', ')
}
