import { ApiProblem } from '../core/api.ts'
import { t } from '../core/i18n.ts'

/** Why something did not work: the server's words where it gave any, for a toast. */
export function reason(error: unknown): string {
  const known = error instanceof ApiProblem && error.code !== 'offline' && error.detail
  return known || t('desk.toast.failed')
}
