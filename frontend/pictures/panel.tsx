import { api, session } from '../panel/state.ts'
import { Basket } from './basket.ts'
import { keeper } from './kept.ts'
import { send } from './send.ts'
import { reader } from './shown.tsx'

export { Pick, Waiting } from './attach.tsx'

const baskets = new Map<string, Basket>()

/** The pictures that wait in a conversation of whoever is here. */
export function basketFor(conversation: string): Basket {
  const place = `panel.${session.person.value?.id}.${conversation}`
  const known = baskets.get(place)
  if (known) return known
  const fresh = new Basket({
    place,
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
  baskets.set(place, fresh)
  return fresh
}

// The session is a bearer and never part of an address: an image cannot ask for itself.
reader.read = async (url) => {
  await session.ensure()
  const ask = () => fetch(url, { headers: { Authorization: `Bearer ${session.token}` } })
  let answer = await ask()
  if (answer.status === 401 && (await session.renew())) answer = await ask()
  if (!answer.ok) throw new Error(String(answer.status))
  return URL.createObjectURL(await answer.blob())
}
