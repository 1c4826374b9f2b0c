import { t } from '../core/i18n.ts'
import { toast } from '../ui/toast.tsx'
import { type Desk, UNDO_MS } from './desk.ts'
import { reason } from './reason.ts'

export interface Deed {
  /** Of what it is done to and what is done: a second one of the kind takes the first one's place. */
  id: string
  /** What is said while it can be undone. */
  text: string
  run: (leaving: boolean) => Promise<unknown>
}

/** Does things that can be taken back for a moment, so that nobody is asked whether they are sure. */
export class Undoing {
  constructor(private readonly desk: Desk) {}

  /** It is done at once; `inverse` puts it back as it was. False when it did not work. */
  async now({ id, text, run }: Deed, inverse: () => Promise<unknown>): Promise<boolean> {
    if (!(await attempt(() => run(false)))) return false
    const dismiss = this.say(id, text)
    this.desk.undoable.schedule({
      ...{ id, run: dismiss },
      undone: () => {
        dismiss()
        this.desk.before(attempt(inverse))
      },
      told: () => toast(t('desk.toast.taken_back')),
    })
    return true
  }

  /** It is done when it can't be taken back any more, or when the page is left before. */
  later({ id, text, run }: Deed, undone: () => void, told?: () => void): void {
    const dismiss = this.say(id, text)
    this.desk.undoable.schedule({
      id,
      run: (leaving) => {
        dismiss()
        const work = attempt(() => run(leaving))
        this.desk.before(work.then((done) => done || undone()))
      },
      undone: () => {
        dismiss()
        undone()
      },
      told: () => {
        toast(t('desk.toast.taken_back'))
        told?.()
      },
    })
  }

  private say(id: string, text: string): () => void {
    const action = { label: t('desk.action.undo'), run: () => this.desk.undo(id) }
    return toast(text, action, UNDO_MS)
  }
}

/** A failure is said, never swallowed. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    toast(reason(error))
    return false
  }
}
