import { signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { has, t } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import { toast } from '../ui/toast.tsx'
import { type Desk, UNDO_MS } from './desk.ts'
import { buyerName, inSentence } from './inbox.ts'
import { leavingPost } from './leaving.ts'
import { reason } from './reason.ts'
import type { MacroAction } from './thread-types.ts'

/** What is done to each of the chosen conversations. */
export type BulkAction =
  | { do: 'resolve' }
  | { do: 'snooze'; until: string }
  | { do: 'tag'; tag: string }
  | { do: 'untag'; tag: string }
  | { do: 'transfer'; team?: string; operator?: string }
  | { do: 'priority'; priority: number }
  | { do: 'macro'; deeds: readonly MacroAction[] }

/** What happened to each of them. */
export interface BulkAnswer {
  done: string[]
  failed: { id: string; code: string }[]
}

export interface Failure {
  id: string
  name: string
  why: string
}

const URL = '/api/v1/desk/bulk'
/** What takes a conversation out of the list one looks at. */
const LEAVES: ReadonlySet<string> = new Set(['resolve', 'snooze', 'transfer'])

/** One action on many conversations: undone for some seconds, then done for all that allow it. */
export class Bulk {
  /** Those that were not changed the last time, by name, until somebody has read it. */
  readonly failures = signal<Failure[]>([])

  constructor(
    private readonly desk: Desk,
    private readonly parts: { api: Api; csrf: () => string | null },
  ) {}

  run(action: BulkAction, ids = [...this.desk.selection.ids.peek()]): void {
    if (!ids.length) return
    const { lists, selection, undoable } = this.desk
    const names = new Map(ids.map((id) => [id, this.name(id)]))
    const id = `bulk:${uuid4()}`
    const leaves = deeds(action).some((deed) => LEAVES.has(deed.do))
    const show = (hidden: boolean) => {
      if (leaves) for (const one of ids) lists.hide(one, hidden)
    }
    this.failures.value = []
    show(true)
    selection.clear()
    const dismiss = toast(
      t(`desk.bulk.done.${action.do}`, { n: ids.length }),
      { label: t('desk.action.undo'), run: () => this.desk.undo(id) },
      UNDO_MS,
    )
    undoable.schedule({
      id,
      run: (leaving) => {
        dismiss()
        if (leaving) this.leave(ids, action)
        else this.desk.before(this.now(ids, action, names).finally(() => show(false)))
      },
      undone: () => {
        dismiss()
        show(false)
        selection.add(ids)
      },
      told: () => toast(t('desk.bulk.undone')),
    })
  }

  private async now(ids: string[], action: BulkAction, names: Map<string, string>) {
    const { lists } = this.desk
    const failed: BulkAnswer['failed'] = []
    let left = ids
    try {
      for (const deed of deeds(action)) {
        if (!left.length) break
        const answer = await this.parts.api.post<BulkAnswer>(URL, body(left, deed))
        failed.push(...answer.failed)
        left = answer.done
        if (LEAVES.has(deed.do)) for (const id of left) this.gone(id)
      }
    } catch (error) {
      toast(reason(error))
    }
    this.failures.value = failed.map(({ id, code }) => ({
      id,
      name: names.get(id) ?? '',
      why: whyNot(code),
    }))
    lists.refresh()
  }

  /** The page goes away: what can still be asked is asked, in one go. */
  private leave(ids: string[], action: BulkAction): void {
    for (const deed of deeds(action)) leavingPost(URL, body(ids, deed), this.parts.csrf())
  }

  private gone(id: string): void {
    for (const view of ['waiting', 'mine'] as const) this.desk.lists.remove(id, view)
  }

  private name(id: string): string {
    const row = this.desk.lists.find(id)
    return row ? inSentence(buyerName(row)) : ''
  }
}

function body(conversations: string[], action: unknown) {
  return { id: uuid4(), conversations, action }
}

/** What a macro does, one after another; what ends one's own part comes last. */
function deeds(action: BulkAction): readonly { do: string }[] {
  if (action.do !== 'macro') return [action]
  const last = (deed: MacroAction) => Number(LEAVES.has(deed.do))
  return [...action.deeds].sort((a, b) => last(a) - last(b))
}

function whyNot(code: string): string {
  const key = `desk.bulk.why.${code}`
  return t(has(key) ? key : 'desk.bulk.why.other')
}
