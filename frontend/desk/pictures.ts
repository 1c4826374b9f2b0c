import { Basket } from '../pictures/basket.ts'
import { keeper } from '../pictures/kept.ts'
import { send } from '../pictures/send.ts'
import type { Mode } from './compose.ts'
import { api, csrfToken, me } from './session.ts'

const baskets = new Map<string, Basket>()

/** The pictures that wait on one side of a conversation: those of a note never leave as a reply. */
export function basketFor(conversation: string, mode: Mode): Basket {
  const place = `desk.${me().id}.${conversation}.${mode}`
  const known = baskets.get(place)
  if (known) return known
  const fresh = new Basket({
    place,
    conversation,
    keeper,
    send: (parcel) => send(parcel, { csrf: csrfToken() }),
    takeBack: (file) =>
      api.delete('/api/v1/conversations/{id}/files/{file_id}', {
        path: { id: conversation, file_id: file.id },
      }),
  })
  baskets.set(place, fresh)
  return fresh
}
