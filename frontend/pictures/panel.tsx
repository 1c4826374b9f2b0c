import { api, session } from '../panel/state.ts'
import { Basket } from './basket.ts'
import { keeper } from './kept.ts'
import { send } from './send.ts'
import './panel_reader.ts'

export { Pick, Waiting } from './attach.tsx'

/** By conversation; a visitor is nobody until the first picture begins a session for them. */
const baskets = new Map<string, { basket: Basket; person: string | undefined }>()

/** The pictures that wait in a conversation of whoever is here. */
export function basketFor(conversation: string): Basket {
  const person = session.person.value?.id
  const known = baskets.get(conversation)
  if (known && (!known.person || !person || known.person === person)) {
    known.person ??= person
    return known.basket
  }
  const basket = new Basket({
    place: `panel.${conversation}`,
    conversation,
    keeper,
    async send(parcel) {
      const token = await session.ensure()
      return send(parcel, { token }).catch(async (error) => {
        if (error.status !== 401 || !(await session.renew())) throw error
        return send(parcel, { token: session.token })
      })
    },
    takeBack: (file) =>
      api.delete('/api/v1/conversations/{id}/files/{file_id}', {
        path: { id: conversation, file_id: file.id },
      }),
  })
  baskets.set(conversation, { basket, person })
  return basket
}
