import { t } from '../core/i18n.ts'
import { toast } from '../ui/toast.tsx'
import type { Desk } from './desk.ts'
import { type Asked, filled, replaced, textIn, type Values } from './macros.ts'
import type { Open } from './open.ts'
import { me } from './session.ts'
import type { Macro } from './thread-types.ts'

/**
 * Put the text of a macro into the reply, where it was asked for; what it does is listed above the
 * field and done when the reply is sent. A macro without a text is done at once.
 */
export function takeMacro(
  desk: Desk,
  open: Open,
  macro: Macro,
  area: HTMLTextAreaElement | null,
  wanted: Asked | null,
): void {
  const language = open.conversation.peek()?.language ?? 'en'
  const text = filled(textIn(macro, language), values(open))
  const reply = open.texts.reply
  const before = reply.peek()
  const place = wanted ?? { sign: '/', query: '', from: before.length, to: before.length }
  const gap = !wanted && before && !/\s$/.test(before) ? '\n' : ''
  const [next, caret] = replaced(before, place, gap + text)
  reply.value = next
  if (text) {
    open.macro.value = macro.actions.length ? macro : open.macro.peek()
    open.write('reply')
  } else void runNow(desk, open, macro)
  if (area) putCaret(area, next, caret)
}

/** After the drawing of the new text, which would put the caret at its end; who types on before
 *  that keeps their place. */
export function putCaret(area: HTMLTextAreaElement, text: string, caret: number): void {
  requestAnimationFrame(() => {
    area.focus()
    if (area.value === text) area.setSelectionRange(caret, caret)
  })
}

async function runNow(desk: Desk, open: Open, macro: Macro): Promise<void> {
  if (await desk.thread.macros.run(open.id, macro))
    toast(t('desk.toast.macro_done', { name: macro.name }))
}

function values(open: Open): Values {
  const conversation = open.conversation.peek()
  const context = open.context.peek()
  return {
    buyer: conversation?.buyer?.name ?? null,
    operator: me().name,
    order: conversation?.order_ref ?? null,
    site: context?.site ?? null,
  }
}
