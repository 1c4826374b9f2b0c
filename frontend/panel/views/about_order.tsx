import { useSignal } from '@preact/signals'
import { t } from '../../core/i18n.ts'
import type { Order, PanelStart } from '../../core/types.ts'
import { Notice } from '../../ui/states.tsx'
import { useResource } from '../resource.ts'
import { go } from '../router.ts'
import { List, Row } from '../row.tsx'
import { api, boot, problemText } from '../state.ts'

/** "About this order": the questions that fit its state, with topic and order filled in. */
export function AboutOrder({ order }: { order: Order }) {
  const problem = useSignal<unknown>(null)
  const fitting = useResource(order.ref, () =>
    api.get<PanelStart>('/api/v1/panel/start', {
      query: { site: boot.site, order: order.ref },
    }),
  )
  const suggestions = fitting.data.value?.suggestions ?? []
  const ask = async (question: string, body: string) => {
    try {
      const chat = await import('../chat.ts')
      const id = await chat.begin({ body, question }, { order_ref: order.ref, topic: 'orders' })
      go({ name: 'conversation', id })
    } catch (error) {
      problem.value = error
    }
  }
  return (
    <section>
      <h2>{t('panel.order.about')}</h2>
      {problem.value !== null && (
        <Notice kind="danger" live="assertive">
          {problemText(problem.value, t('panel.trouble.offline'), t('panel.trouble.other'))}
        </Notice>
      )}
      <List label={t('panel.order.about')}>
        {suggestions.map(({ key, title }) => (
          <li key={key}>
            <Row title={title} onClick={() => void ask(key, title)} />
          </li>
        ))}
        <li>
          <Row
            icon="person"
            title={t('panel.person.title')}
            onClick={() => go({ name: 'contact', topic: 'orders', order: order.ref })}
          />
        </li>
      </List>
    </section>
  )
}
