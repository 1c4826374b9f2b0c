import { ApiProblem } from '../../core/api.ts'
import { t } from '../../core/i18n.ts'

/** What went wrong, in the server's own words where it could speak. */
export function said(error: unknown): string {
  if (error instanceof ApiProblem && error.code !== 'offline')
    return error.detail ?? (error.title || t('admin.failed'))
  return t('admin.failed')
}
