import { computed, signal } from '@preact/signals'
import type { Api } from '../core/api.ts'
import { type TeamName, teamNames } from './team-names.ts'
import type { Colleague, Macro } from './thread-types.ts'

const FRESH_MS = 120_000
const TAGS = '/api/v1/desk/tags'
const MACROS = '/api/v1/desk/macros'
const TEAMS = '/api/v1/desk/teams'
const OPERATORS = '/api/v1/desk/operators'

/** What filters, palette and bulk choose from: fetched when first needed, again after minutes. */
export class Known {
  readonly tags = signal<string[]>([])
  readonly macros = signal<Macro[]>([])
  readonly operators = signal<Colleague[]>([])
  /** The keys of all teams. */
  readonly teams = computed(() => teamNames.value.map(({ key }) => key))
  private readonly at = new Map<string, number>()

  constructor(private readonly api: Api) {}

  load(): void {
    void this.once('tags', async () => {
      this.tags.value = (await this.api.get<{ tags: string[] }>(TAGS)).tags
    })
    void this.once('macros', async () => {
      this.macros.value = await this.api.get<Macro[]>(MACROS)
    })
    void this.once('operators', () => this.loadOperators())
    void this.once('teams', async () => {
      teamNames.value = await this.api.get<TeamName[]>(TEAMS)
    })
  }

  /** Who is here, now. Throws `ApiProblem`. */
  async loadOperators(): Promise<void> {
    this.operators.value = await this.api.get<Colleague[]>(OPERATORS)
  }

  /** The name of a colleague; an id that nobody has stays empty. */
  readonly nameOf = (id: string): string => this.name(id) ?? ''

  name(id: string): string | undefined {
    return this.operators.value.find((one) => one.id === id)?.name
  }

  /** A failure leaves what was known; the next look asks again. */
  private async once(name: string, fetch: () => Promise<void>): Promise<void> {
    if (Date.now() - (this.at.get(name) ?? 0) < FRESH_MS) return
    this.at.set(name, Date.now())
    await fetch().catch(() => this.at.delete(name))
  }
}
