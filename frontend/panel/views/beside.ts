import type { FileInfo } from '../../core/types.ts'

/** Pictures that wait beside the question of the first view, with the conversation they open. */
export interface Beside {
  conversation: string
  files: FileInfo[]
}

/** What the next question takes with it, when it has come; null = nothing waits. */
export const beside: { take: () => Promise<Beside> | null } = { take: () => null }
