import { t } from '../core/i18n.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Notice } from '../ui/states.tsx'
import type { Desk, DialogName } from './desk.ts'

const DIALOGS: readonly DialogName[] = [
  'bulk_transfer',
  'bulk_snooze',
  'bulk_tag',
  'bulk_priority',
  'bulk_macro',
]

/** What can be done with everything that was chosen. */
export function BulkBar({ desk }: { desk: Desk }) {
  const { selection } = desk
  const n = selection.size.value
  return (
    <div class="bulk-status" role="status">
      {n > 0 && (
        <div class="bulk" role="toolbar" aria-label={t('desk.bulk.label')}>
          <p class="bulk-head">
            <span class="tabular">{t('desk.bulk.chosen', { n })}</span>
            <IconButton
              icon="close"
              small
              label={t('desk.bulk.clear')}
              onClick={() => selection.clear()}
            />
          </p>
          <Button small onClick={() => desk.bulk.run({ do: 'resolve' })}>
            {t('desk.action.resolve')}
          </Button>
          {DIALOGS.map((name) => (
            <Button
              key={name}
              small
              onClick={() => {
                desk.dialog.value = name
              }}
            >
              {t(`desk.${name.replace('_', '.')}`)}
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}

/** Who was not changed, and why; it stays until it was read. */
export function Failures({ desk }: { desk: Desk }) {
  const { failures } = desk.bulk
  const all = failures.value
  if (!all.length) return null
  return (
    <Notice
      kind="warning"
      live="assertive"
      action={
        <Button
          small
          onClick={() => {
            failures.value = []
          }}
        >
          {t('desk.bulk.read')}
        </Button>
      }
    >
      {t('desk.bulk.failed', { n: all.length })}
      <ul class="failures">
        {all.map(({ id, name, why }) => (
          <li key={id}>{t('desk.bulk.failed_one', { name, why })}</li>
        ))}
      </ul>
    </Notice>
  )
}
