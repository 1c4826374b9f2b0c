import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Pick, Waiting } from '../pictures/attach.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Composer } from '../ui/composer.tsx'
import { Icon } from '../ui/icon.tsx'
import { Answering } from '../ui/quote.tsx'
import { graphemes } from '../ui/text.ts'
import { type Mode, mayReply } from './compose.ts'
import { type Desk, MESSAGE_LIMIT } from './desk.ts'
import { inSentence } from './inbox.ts'
import { mod } from './keys.ts'
import { actionsInWords } from './macro-words.ts'
import { holes } from './macros.ts'
import { Meanwhile, Refused } from './meanwhile.tsx'
import type { Open } from './open.ts'
import { basketFor } from './pictures.ts'
import { path } from './routes.ts'
import { undecided } from './second-answer.ts'
import { Signs } from './signs-line.tsx'
import { Suggest, useSuggest } from './suggest.tsx'
import { quoted } from './writing.ts'

/**
 * Where an operator writes. Reply and note are two fields that look and sound different; the switch
 * changes field and text together, so no text ever changes sides.
 */
export function ReplyBox({ desk, open, name }: { desk: Desk; open: Open; name: string }) {
  const mode = open.mode.value
  const lock = open.lock.value
  const locked = mode === 'reply' && !mayReply(lock)
  const into = open.conversation.value?.merged_into
  if (lock === 'merged' && into) return <GoesOn into={into} />
  const refused = undecided(desk.live.outbox.entries.value, open.id)[0]
  return (
    <section class={`reply-box ${mode}`} aria-label={t('desk.compose.label')}>
      {refused && <Refused key={refused.client_id} desk={desk} open={open} entry={refused} />}
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
        <Signs open={open} name={name} mode={mode} />
      </div>
      {lock && <LockText open={open} name={name} />}
      {locked ? (
        <Locked desk={desk} open={open} />
      ) : (
        // A reply that waits for a decision has the side for itself.
        !(refused && mode === 'reply') && (
          <>
            {mode === 'reply' && <Meanwhile desk={desk} open={open} />}
            <Beside desk={desk} open={open} mode={mode} />
            <Waiting key={`${open.id} ${mode}`} basket={basketFor(open.id, mode)} area=".thread" />
            <Field key={mode} desk={desk} open={open} name={name} />
          </>
        )
      )}
    </section>
  )
}

/** It goes on elsewhere: nothing can be written here. */
function GoesOn({ into }: { into: string }) {
  return (
    <section class="reply-box" aria-label={t('desk.compose.label')}>
      <p class="lock-text muted">
        {t('desk.compose.locked.merged')}{' '}
        <a href={path({ app: 'desk', view: 'all', id: into })}>{t('desk.event.other')}</a>
      </p>
    </section>
  )
}

function Field({ desk, open, name }: { desk: Desk; open: Open; name: string }) {
  const mode = open.mode.value
  const field = useRef<HTMLTextAreaElement>(null)
  const asked = open.focusAsked.value
  const suggest = useSuggest({ desk, open, mode, field })
  // Before the next key press: a letter typed right after "r" must be text, not a command.
  useLayoutEffect(() => {
    if (!asked) return
    field.current?.focus()
    open.focusAsked.value = false
  }, [asked, open])
  const basket = basketFor(open.id, mode)
  return (
    <div class="composer-place">
      <Suggest suggest={suggest} />
      <Composer
        inputRef={field}
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
        onSend={() => desk.thread.writing.submit(mode, open)}
        onKeyDown={(event) => {
          suggest.keyDown(event)
          open.choose(mode)
        }}
        modEnter
      >
        <Pick basket={basket} small />
        {mode === 'reply' && (
          <IconButton
            small
            class="pick"
            icon="book"
            label={t('desk.macro.open')}
            onClick={() => {
              desk.thread.handling.asking.value = 'macros'
            }}
          />
        )}
        <OtherDraft open={open} mode={mode} />
        <span class="muted keys-hint">
          {t(`desk.compose.keys_${mode}`, { keys: mod('Enter') })}
        </span>
      </Composer>
    </div>
  )
}

/** What leaves together with the text: the message it answers, what a macro does. */
function Beside({ desk, open, mode }: { desk: Desk; open: Open; mode: Mode }) {
  const quote = quoted(open, mode)
  const macro = mode === 'reply' ? open.macro.value : null
  const missing = mode === 'reply' ? holes(open.texts.reply.value) : []
  return (
    <>
      {quote && (
        <Answering
          title={t('desk.compose.answers', { name: quote.author.name })}
          text={quote.excerpt || t('desk.message.no_text')}
          cancelLabel={t('desk.compose.answers_not')}
          onCancel={() => {
            open.quote.value = null
            open.write(mode)
          }}
        />
      )}
      {macro && (
        <p class="macro-after">
          <span>
            {t('desk.macro.after', { what: actionsInWords(macro.actions, desk.known.nameOf) })}
          </span>
          <IconButton
            small
            icon="close"
            label={t('desk.macro.after_not')}
            onClick={() => {
              open.macro.value = null
              open.write(mode)
            }}
          />
        </p>
      )}
      {missing.length > 0 && (
        <p class="holes" role="status">
          {t('desk.macro.holes', { names: missing.join(', '), n: missing.length })}
        </p>
      )}
    </>
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
