import { effect } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { uuid4 } from '../core/ids.ts'
import type { Live } from '../core/live.ts'
import type { Store } from '../core/storage.ts'
import type { Macro } from './thread-types.ts'
import { attempt } from './undoing.ts'

interface Run {
  /** The request's own id: a macro is run once, however often it is asked for. */
  id: string
  conversation: string
  macro: Macro
  /** The reply that carries its text: what it does comes after that is stored. */
  after: string
}

/** What macros do besides their text, kept over a reload until the reply is stored. */
export class MacroRuns {
  private runs: Run[]

  constructor(
    private readonly parts: { api: Api; store: Store },
    private readonly desk: { live: Pick<Live, 'outbox'> },
  ) {
    this.runs = parts.store.get<Run[]>('macros') ?? []
  }

  /** Do what waits, each when its reply is stored. Returns a function that ends it. */
  start(): () => void {
    return effect(() => {
      const entries = this.desk.live.outbox.entries.value
      const stored = ({ after }: Run) => {
        const entry = entries.find(({ client_id }) => client_id === after)
        return !entry || entry.acked
      }
      const due = this.runs.filter(stored)
      if (!due.length) return
      this.keep(this.runs.filter((run) => !due.includes(run)))
      for (const { id, conversation, macro } of due) void this.run(conversation, macro, id)
    })
  }

  /** Do what a macro does as soon as the reply `clientId` is stored. */
  after(clientId: string, conversation: string, macro: Macro): void {
    if (!macro.actions.length) return
    this.keep([...this.runs, { id: uuid4(), conversation, macro, after: clientId }])
  }

  /** The reply does not leave: neither does its macro, which is given back. */
  cancel(clientId: string): Macro | null {
    const found = this.runs.find(({ after }) => after === clientId)
    if (found) this.keep(this.runs.filter((run) => run !== found))
    return found?.macro ?? null
  }

  /** Do it now. */
  run(conversation: string, macro: Macro, id: string = uuid4()): Promise<boolean> {
    const url = '/api/v1/desk/conversations/{id}/macro'
    const path = { id: conversation }
    return attempt(() => this.parts.api.post(url, { id, macro: macro.id }, { path }))
  }

  private keep(runs: Run[]): void {
    this.runs = runs
    this.parts.store.set('macros', runs)
  }
}
