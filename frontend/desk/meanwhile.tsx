import { useEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { OutboxEntry } from '../core/outbox.ts'
import { Button } from '../ui/button.tsx'
import type { Desk } from './desk.ts'
import { inSentence } from './inbox.ts'
import type { Open } from './open.ts'
import { answersTo, type Meanwhile as Said } from './second-answer.ts'
import { me } from './session.ts'

/** A reply that the server refused, because a colleague was faster: its author decides. */
export function Refused(props: { desk: Desk; open: Open; entry: OutboxEntry }) {
  const { desk, open, entry } = props
  const { writing } = desk.thread
  const box = useRef<HTMLDivElement>(null)
  const said = answersTo(entry, open.followed.thread.value, me().id)
  useEffect(() => box.current?.focus(), [])
  return (
    <div ref={box} class="meanwhile" role="alertdialog" aria-labelledby="meanwhile" tabIndex={-1}>
      <p id="meanwhile" class="meanwhile-title">
        {title(said)}
      </p>
      <Answers said={said} />
      <p class="meanwhile-own">{t('desk.meanwhile.own')}</p>
      <p class="kept-text" dir="auto">
        {entry.body || t('desk.message.no_text')}
      </p>
      <div class="meanwhile-actions">
        <Button small onClick={() => writing.sendToo(entry, open)}>
          {t('desk.meanwhile.send')}
        </Button>
        <Button small kind="quiet" onClick={() => writing.keep(entry, open)}>
          {t('desk.meanwhile.keep')}
        </Button>
      </div>
    </div>
  )
}

/** A colleague answered while this text was being written: said before it can be sent. */
export function Meanwhile({ desk, open }: { desk: Desk; open: Open }) {
  const said = open.meanwhile.value
  if (!said.length) return null
  const accept = () => {
    open.accept()
    open.write('reply')
  }
  return (
    <div class="meanwhile" role="alert">
      <p class="meanwhile-title">{title(said)}</p>
      <Answers said={said} />
      <div class="meanwhile-actions">
        <Button
          small
          onClick={() => {
            accept()
            desk.thread.writing.submit('reply', open)
          }}
        >
          {t('desk.meanwhile.send')}
        </Button>
        <Button small kind="quiet" onClick={accept}>
          {t('desk.meanwhile.edit')}
        </Button>
      </div>
    </div>
  )
}

function title(said: readonly Said[]): string {
  const names = [...new Set(said.map(({ operator }) => operator).filter(Boolean))]
  const name = names.map(inSentence).join(', ')
  return name ? t('desk.meanwhile.title', { name }) : t('desk.meanwhile.title_unknown')
}

function Answers({ said }: { said: readonly Said[] }) {
  return (
    <>
      {said.map(({ seq, body }) => (
        <blockquote key={seq} class="meanwhile-said" dir="auto">
          {body || t('desk.message.no_text')}
        </blockquote>
      ))}
    </>
  )
}
