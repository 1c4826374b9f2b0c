import './conversation.css'
import './views.css'
import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { type Row, rows } from '../../core/conversation.ts'
import { t } from '../../core/i18n.ts'
import type { Author } from '../../core/types.ts'
import { Button } from '../../ui/button.tsx'
import { useReading } from '../../ui/reading.ts'
import { Empty, Skeleton } from '../../ui/states.tsx'
import { TypingLine } from '../../ui/typing.tsx'
import { shown as panelShown } from '../bridge.ts'
import { askPerson, connect, connection, conversation, read } from '../chat.ts'
import { draft } from '../drafts.ts'
import { lazy } from '../lazy.tsx'
import { home, replace } from '../router.ts'
import { Screen } from '../screen.tsx'
import { problemText, session } from '../state.ts'
import { Log } from './log.tsx'
import { Queue } from './queue.tsx'
import { StickyEnd } from './sticky_end.tsx'
import { Write } from './write.tsx'

const Rating = lazy(() => import('./rating.tsx'), 'Rating', true)

/** A conversation, whoever answers: the assistant first, then a person. */
export function ConversationView({ id }: { id: string }) {
  const { thread, caughtUp, position, problem, typing } = conversation(id)
  const { state, operator, mergedInto } = thread.value
  const me = useMe()
  const shown = rows(thread.value, connect().outbox.entries.value, me)
  const last = shown[shown.length - 1]
  const body = () => document.querySelector<HTMLElement>('.talk .body')
  useReading(body, last?.key, (seq) => read(id, seq), caughtUp.value && panelShown.value)
  useEffect(() => {
    if (mergedInto) goOn(id, mergedInto)
  }, [mergedInto])
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
          <Write {...{ id, state, me }} rows={shown} />
        </>
      }
    >
      <div class="pinned">
        <Offline />
        {state === 'waiting' && <Queue id={id} position={position.value} />}
      </div>
      <StickyEnd {...news(shown, me)}>
        {shown.length > 0 || caughtUp.value ? (
          <Log {...{ id, me, state }} rows={shown} whole={caughtUp.value} />
        ) : (
          <Skeleton label={t('panel.loading')} />
        )}
        {state === 'resolved' && operator && <Rating id={id} />}
        {state !== 'bot' && <TypingLine text={writing(typing.value.map(({ name }) => name))} />}
      </StickyEnd>
    </Screen>
  )
}

/** It was made one with another of this person: the other goes on, with what was being written. */
function goOn(id: string, into: string): void {
  const [from, to] = [draft(id), draft(into)]
  to.value = [to.value, from.value].filter(Boolean).join('\n')
  from.value = ''
  replace({ name: 'conversation', id: into })
}

function writing(names: string[]): string | null {
  return names.length ? t('panel.typing', { name: names[0], n: names.length }) : null
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
  return <div role="status">{late.value && <p class="offline-line">{t('panel.offline')}</p>}</div>
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
