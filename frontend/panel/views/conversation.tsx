import './conversation.css'
import './views.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Row, rows } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import type { Author } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { Composer } from '../../ui/composer.tsx'
import { Empty, Notice, Skeleton } from '../../ui/states.tsx'
import { askPerson, connect, connection, conversation, say } from '../chat.ts'
import { draft } from '../drafts.ts'
import { home } from '../router.ts'
import { Screen } from '../screen.tsx'
import { problemText, session, start } from '../state.ts'
import { Log } from './log.tsx'
import { loadPictures, pictures } from './pictures.ts'
import { Queue } from './queue.tsx'
import { StickyEnd } from './sticky_end.tsx'

const QUESTION_LIMIT = 140
const MESSAGE_LIMIT = 4000

/** A conversation, whoever answers: the assistant first, then a person. */
export function ConversationView({ id }: { id: string }) {
  const { thread, caughtUp, position, problem } = conversation(id)
  const { state, operator } = thread.value
  const me = useMe()
  const shown = rows(thread.value, connect().outbox.entries.value, me)
  if (problem.value)
    return (
      <Screen title={t('panel.conversation.title')}>
        <Empty
          icon="chat"
          title={t('panel.conversation.gone')}
          action={
            <Button onClick={() => home({ name: 'conversations' })}>
              {t('panel.conversations.title')}
            </Button>
          }
        >
          {t('panel.conversation.gone_detail')}
        </Empty>
      </Screen>
    )
  const title = operator ? operator.name : t(`panel.conversation.with.${state}`)
  return (
    <Screen
      class="talk"
      title={title}
      subtitle={<Subtitle state={state} />}
      footer={
        <>
          <ToPerson id={id} state={state} />
          <Write id={id} bot={state === 'bot'} />
        </>
      }
    >
      <div class="pinned">
        <Offline />
        {state === 'waiting' && <Queue id={id} position={position.value} />}
      </div>
      <StickyEnd {...news(shown, me)}>
        {shown.length > 0 || caughtUp.value ? (
          <Log id={id} rows={shown} me={me} state={state} />
        ) : (
          <Skeleton label={t('panel.loading')} />
        )}
      </StickyEnd>
    </Screen>
  )
}

/** Where one writes, and the pictures that wait beside the text. */
function Write({ id, bot }: { id: string; bot: boolean }) {
  useEffect(loadPictures, [])
  const { Pick, Waiting, basketFor } = pictures.value ?? {}
  const basket = basketFor?.(id)
  const limits = start.value
  const limit = bot
    ? (limits?.question_limit ?? QUESTION_LIMIT)
    : (limits?.message_limit ?? MESSAGE_LIMIT)
  return (
    <>
      {Waiting && basket && <Waiting basket={basket} area=".screen" />}
      <Composer
        key={id}
        before={Pick && basket && <Pick basket={basket} />}
        full={basket?.full.value ?? false}
        draft={draft(id)}
        limit={limit}
        counter={bot ? 'always' : 'near'}
        label={t('panel.write.label')}
        placeholder={t(bot ? 'panel.ask.placeholder' : 'panel.write.placeholder')}
        sendLabel={t('panel.write.send')}
        count={(used, most) => t('panel.count', { used, limit: most })}
        tooLong={(most) => t(bot ? 'panel.ask.too_long' : 'panel.write.too_long', { limit: most })}
        onSend={(body) => {
          if (!basket?.full.value) return void say(id, { body })
          return basket.whenReady((files) => {
            // It may leave a moment later, with what was written until then.
            say(id, { body: draft(id).value.trim(), files })
            draft(id).value = ''
            return true
          })
        }}
      />
    </>
  )
}

/** What arrived from others, and whether the last thing is our own doing. */
function news(
  shown: Row[],
  me: Author,
): { last: string | undefined; theirs: number; ours: number; own: boolean } {
  const isTheirs = (row: Row) => row.type === 'message' && row.message.author.id !== me.id
  const last = shown[shown.length - 1]
  const theirs = shown.filter(isTheirs).length
  return {
    last: last?.key,
    theirs,
    ours: shown.length - theirs,
    own: !last || !isTheirs(last),
  }
}

function useMe(): Author {
  const person = session.person.value
  return { id: person?.id ?? null, name: person?.name ?? '', party: 'buyer' }
}

function Subtitle({ state }: { state: string }) {
  if (state === 'bot' || state === 'assigned') return <>{t(`panel.conversation.sub.${state}`)}</>
  return null
}

/** Said only after a moment: most cuts are shorter than the sentence about them. */
function Offline() {
  const late = useSignal(false)
  const off = connection.value === 'offline'
  useEffect(() => {
    if (!off) {
      late.value = false
      return
    }
    const timer = setTimeout(() => {
      late.value = true
    }, 1500)
    return () => clearTimeout(timer)
  }, [off])
  return (
    <div role="status">
      {late.value && (
        <Notice kind="warning" live="off">
          {t('panel.offline')}
        </Notice>
      )}
    </div>
  )
}

/** A person is always one press away while the assistant answers, or after putting it off. */
function ToPerson({ id, state }: { id: string; state: string }) {
  const busy = useSignal(false)
  const problem = useSignal<unknown>(null)
  if (state !== 'bot' && state !== 'deferred') return null
  const ask = async () => {
    busy.value = true
    problem.value = null
    await askPerson(id).catch((error) => {
      problem.value = error
    })
    busy.value = false
    // The button is gone with the new state: the focus goes on to where one writes.
    if (!problem.value) document.querySelector<HTMLElement>('.foot textarea')?.focus()
  }
  return (
    <div class="to-person">
      {problem.value !== null && (
        <p class="small danger" role="alert">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </p>
      )}
      <Button kind="quiet" icon="person" busy={busy.value} onClick={ask}>
        {t(state === 'bot' ? 'panel.person.title' : 'panel.person.again')}
      </Button>
    </div>
  )
}
