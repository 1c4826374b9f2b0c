import '../../ui/more_icons.ts'
import { t } from '../../core/i18n.ts'
import type { MessageData } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { go } from '../router.ts'

/** What happened to a case, between the messages, with the way to it. */
export function CaseNotice({ message }: { message: MessageData }) {
  const about = message.extra?.case as { id?: string; number?: string } | undefined
  const { id } = about ?? {}
  return (
    <div class="change">
      <p dir="auto" lang={message.language ?? undefined}>
        {message.body}
      </p>
      {typeof id === 'string' && (
        <Button small icon="scale" onClick={() => go({ name: 'cases', id })}>
          {t('panel.cases.see', { number: about?.number ?? '' })}
        </Button>
      )}
    </div>
  )
}
