import { useEffect, useMemo } from 'preact/hooks'
import { type Case, CaseStore, exportUrl } from '../../core/cases.ts'
import { t } from '../../core/i18n.ts'
import { Button } from '../../ui/button.tsx'
import { CaseBody } from '../../ui/case/body.tsx'
import { Notice } from '../../ui/states.tsx'
import { go } from '../router.ts'
import { Screen } from '../screen.tsx'
import { session } from '../state.ts'
import { cases, place } from './case_client.ts'
import { CaseKeep } from './case_keep.tsx'

/** One case of the buyer: what happens now, and everything else about it. */
export function CasePage({ id, existed }: { id: string; existed?: boolean }) {
  const who = session.person.value?.id
  const store = useMemo(() => new CaseStore(cases, id), [id, who])
  useEffect(() => {
    void store.load()
    return store.follow()
  }, [store])
  const item = store.item.value
  useNews(store)
  return (
    <Screen
      title={item ? item.reason_label : t('case.one')}
      subtitle={
        item && (
          <span class="case-sub">
            <span class="tabular">{item.number}</span> · <bdi>{item.line?.title ?? item.order}</bdi>
          </span>
        )
      }
    >
      <CaseBody
        store={store}
        place={place()}
        top={existed && <Notice>{t('case.existed')}</Notice>}
        end={(shown) => <Ways item={shown} />}
      />
    </Screen>
  )
}

/** A change of the case is told in its conversation: it is read again at once. */
function useNews(store: CaseStore) {
  const conversation = store.item.value?.conversation
  useEffect(() => {
    if (!conversation) return
    let stop = () => {}
    let here = true
    void import('../chat.ts').then((chat) => {
      if (!here) return
      let known = -1
      stop = chat.conversation(conversation).thread.subscribe(({ seq }) => {
        if (known >= 0 && seq > known) void store.load()
        known = seq
      })
    })
    return () => {
      here = false
      stop()
    }
  }, [conversation, store])
}

/** From here: to keep it, the order, the conversation, the case before. */
function Ways({ item }: { item: Case }) {
  const { conversation, parent } = item
  return (
    <section class="case-ways">
      <CaseKeep url={exportUrl(item.id, 'html')} name={`${item.number}.html`} />
      <div class="choices">
        <Button small icon="box" onClick={() => go({ name: 'order', order: item.order })}>
          {t('case.item.order', { ref: item.order })}
        </Button>
        {conversation && (
          <Button small icon="chat" onClick={() => go({ name: 'conversation', id: conversation })}>
            {t('case.conversation')}
          </Button>
        )}
        {parent && (
          <Button small icon="scale" onClick={() => go({ name: 'cases', id: parent.id })}>
            {t('case.parent', { number: parent.number })}
          </Button>
        )}
      </div>
    </section>
  )
}
