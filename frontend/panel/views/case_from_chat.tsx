import { t } from '../../core/i18n.ts'
import type { Conversation } from '../../core/types.ts'
import { useResource } from '../resource.ts'
import { go } from '../router.ts'
import { Row } from '../row.tsx'
import { api, place } from '../state.ts'

/** From a conversation to a case: with the order it is about, and what was said in it. */
export function CaseFromHere({ id, onGo }: { id: string; onGo(): void }) {
  const found = useResource(`case ${id}`, () =>
    api.get<Conversation>('/api/v1/conversations/{id}', { path: { id } }),
  )
  if (!found.data.value) return null
  const order = found.data.value.order_ref ?? place.value.order
  return (
    <li>
      <Row
        icon="scale"
        title={t('panel.cases.open')}
        detail={t('panel.cases.from_chat')}
        onClick={() => {
          onGo()
          go(order ? { name: 'cases', order, conversation: id } : { name: 'orders' })
        }}
      />
    </li>
  )
}
