import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Pick, Waiting } from '../pictures/attach.tsx'
import { Button } from '../ui/button.tsx'
import { Composer } from '../ui/composer.tsx'
import { Icon } from '../ui/icon.tsx'
import { graphemes } from '../ui/text.ts'
import type { Mode } from './compose.ts'
import { type Desk, MESSAGE_LIMIT } from './desk.ts'
import { inSentence } from './inbox.ts'
import { mod } from './keys.ts'
import type { Open } from './open.ts'
import { basketFor } from './pictures.ts'

/**
 * Where an operator writes. Reply and note are two fields that look and sound different; the switch
 * changes field and text together, so no text ever changes sides.
 */
export function ReplyBox({ desk, open, name }: { desk: Desk; open: Open; name: string }) {
  const mode = open.mode.value
  const lock = open.lock.value
  const locked = mode === 'reply' && lock !== null
  return (
    <section class={`reply-box ${mode}`} aria-label={t('desk.compose.label')}>
      <div class="reply-top">
        <Switch open={open} mode={mode} />
        <p class="reply-to" role="status">
          {mode === 'note' ? (
            <>
              <Icon name="note" size={16} /> {t('desk.compose.staff_only')}
            </>
          ) : (
            t('desk.compose.to', { name: inSentence(name) })
          )}
        </p>
      </div>
      {lock && <LockText open={open} name={name} />}
      {!locked && (
        <Waiting key={`${open.id} ${mode}`} basket={basketFor(open.id, mode)} area=".thread" />
      )}
      {locked ? <Locked desk={desk} open={open} /> : <Field desk={desk} open={open} name={name} />}
    </section>
  )
}

function Field({ desk, open, name }: { desk: Desk; open: Open; name: string }) {
  const mode = open.mode.value
  const field = useRef<HTMLTextAreaElement>(null)
  const asked = open.focusAsked.value
  // Before the next key press: a letter typed right after "r" must be text, not a command.
  useLayoutEffect(() => {
    if (!asked) return
    field.current?.focus()
    open.focusAsked.value = false
  }, [asked, open])
  const basket = basketFor(open.id, mode)
  return (
    <Composer
      inputRef={field}
      key={mode}
      full={basket.full.value}
      draft={open.texts[mode]}
      limit={MESSAGE_LIMIT}
      rows={2}
      label={t(`desk.compose.${mode}_label`, { name })}
      placeholder={t(`desk.compose.${mode}_hint`, { name })}
      sendLabel={t(mode === 'note' ? 'desk.compose.add_note' : 'desk.compose.send')}
      sendShown
      count={(used, limit) => t('desk.compose.left', { n: Math.max(0, limit - used) })}
      tooLong={(limit) =>
        t('desk.compose.over', { n: graphemes(open.texts[mode].value.trim()) - limit })
      }
      onSend={() =>
        basket.full.value
          ? basket.whenReady((files) => desk.thread.send(mode, files, open))
          : desk.thread.send(mode)
      }
      onKeyDown={() => open.choose(mode)}
      modEnter
    >
      <Pick basket={basket} small />
      <OtherDraft open={open} mode={mode} />
      <span class="muted keys-hint">{t('desk.compose.keys', { keys: mod('Enter') })}</span>
    </Composer>
  )
}

/** A reply cannot leave now. What was typed is still shown: it is kept, not lost. */
function Locked({ desk, open }: { desk: Desk; open: Open }) {
  const kept = open.texts.reply.value.trim()
  return (
    <div class="locked-reply">
      {kept && (
        <p class="kept-text" dir="auto">
          {kept}
        </p>
      )}
      {open.lock.value === 'waiting' && (
        <Button
          small
          onClick={() => void desk.taking.take()}
          busy={desk.taking.busy.value === 'take'}
        >
          {t('desk.action.take')}
        </Button>
      )}
    </div>
  )
}

function Switch({ open, mode }: { open: Open; mode: Mode }) {
  const id = useId()
  return (
    <fieldset class="mode-switch">
      <legend class="visually-hidden">{t('desk.compose.mode')}</legend>
      {(['reply', 'note'] as const).map((side) => (
        <label key={side} class={side}>
          <input
            type="radio"
            name={id}
            checked={mode === side}
            onChange={() => open.choose(side)}
          />
          <span>{t(`desk.compose.${side}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

function LockText({ open, name }: { open: Open; name: string }) {
  const lock = open.lock.value
  const operator = open.conversation.value?.operator
  const who = lock === 'other' ? (operator?.name ?? '') : name
  return (
    <p class="lock-text muted">{t(`desk.compose.locked.${lock}`, { name: inSentence(who) })}</p>
  )
}

/** A text kept on the other side is said, so that nobody thinks it lost, or sent. */
function OtherDraft({ open, mode }: { open: Open; mode: Mode }) {
  const other = mode === 'reply' ? 'note' : 'reply'
  if (!open.texts[other].value.trim()) return null
  return <span class="other-draft">{t(`desk.compose.other_draft.${other}`)}</span>
}
