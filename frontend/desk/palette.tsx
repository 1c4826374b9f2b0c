import { useEffect } from 'preact/hooks'
import { has, t } from '../core/i18n.ts'
import { Dialog } from '../ui/dialog.tsx'
import { caseOptions } from './cases/registry.ts'
import { available, run } from './commands.ts'
import type { Desk } from './desk.ts'
import { buyerName, topicName } from './inbox.ts'
import { COMMANDS, type Command, mod, shown } from './keys.ts'
import { commandText } from './keys-dialog.tsx'
import { textIn } from './macros.ts'
import { type Option, Picker } from './picker.tsx'
import { canDo, perform } from './registry.ts'
import { go, route } from './routes.ts'
import { placeOf } from './views.ts'

/** Everything by its name: commands, lists, macros, tags, conversations. */
export function Palette({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  useEffect(() => {
    desk.known.load()
    void desk.views.load()
  }, [desk])
  // After the dialog gave the focus back, so that a command may move it.
  const then = (work: () => void) => () => {
    onClose()
    setTimeout(work)
  }
  const options = [
    ...caseOptions.value.map((one) => ({ ...one, run: then(one.run) })),
    ...commands(desk, then),
    ...lists(desk, then),
    ...macros(desk, then),
    ...tags(desk, then),
    ...conversations(desk, then),
  ]
  return (
    <Dialog title={t('desk.palette.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <Picker
        label={t('desk.palette.find')}
        none={t('desk.palette.none')}
        options={options}
        make={(q) => ({
          id: 'search',
          text: t('desk.palette.search', { q }),
          run: then(() => go({ app: 'desk', view: 'search', id: openId(desk), filters: { q } })),
        })}
      />
    </Dialog>
  )
}

type Then = (work: () => void) => () => void

const openId = (desk: Desk) => desk.open.peek()?.id ?? null
const LEFT_OUT: readonly Command[] = ['palette', 'leave']

function commands(desk: Desk, then: Then): Option[] {
  const keys = desk.keys.map.value
  return COMMANDS.filter((one) => !LEFT_OUT.includes(one) && available(desk, one)).map((one) => ({
    id: one,
    text: nameOf(one),
    hint: keys[one] && shown(keys[one]),
    kind: 'key',
    run: then(() => run(desk, one)),
  }))
}

/** Where the cases are, the same key does the like to a case. */
function nameOf(command: Command): string {
  const ofCases = `desk.cases.keys.${command}`
  return route.value.app === 'cases' && has(ofCases) ? t(ofCases) : commandText(command)
}

function lists(desk: Desk, then: Then): Option[] {
  return desk.views.all.value.map((saved) => ({
    id: `view-${saved.id}`,
    text: saved.name,
    hint: t('desk.palette.view'),
    run: then(() => go({ app: 'desk', id: openId(desk), ...placeOf(saved) })),
  }))
}

/** A macro of the thread, or of everything that was chosen. */
function macros(desk: Desk, then: Then): Option[] {
  const many = desk.selection.size.value > 0
  if (!many && !canDo('macros')) return []
  const language = desk.open.value?.conversation.value?.language ?? 'en'
  return desk.known.macros.value.map((macro) => ({
    id: `macro-${macro.id}`,
    text: macro.name,
    also: `${macro.key} ${textIn(macro, language).slice(0, 80)}`,
    hint: t('desk.palette.macro'),
    run: then(() =>
      many
        ? desk.bulk.run({ do: 'macro', deeds: macro.actions })
        : void perform('macros', macro.id),
    ),
  }))
}

function tags(desk: Desk, then: Then): Option[] {
  return desk.known.tags.value.map((tag) => ({
    id: `tag-${tag}`,
    text: tag,
    hint: t('desk.palette.tag'),
    run: then(() => go({ app: 'desk', view: 'all', id: openId(desk), filters: { tag } })),
  }))
}

function conversations(desk: Desk, then: Then): Option[] {
  return desk.lists.known().map((row) => ({
    id: `row-${row.id}`,
    text: buyerName(row),
    also: [row.topic && topicName(row.topic), row.order_ref, row.last_message?.body.slice(0, 80)]
      .filter(Boolean)
      .join(' '),
    hint: row.topic ? topicName(row.topic) : (row.order_ref ?? t(`desk.state.${row.state}`)),
    run: then(() => desk.goTo(row.id)),
  }))
}

/** How the palette itself is opened. */
export const PALETTE_KEY = mod('K')
