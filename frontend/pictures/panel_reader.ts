import { session } from '../panel/state.ts'
import { reader } from './shown.tsx'

// The session is a bearer and never part of an address: an image cannot ask for itself.
reader.read = async (url) => {
  await session.ensure()
  const ask = () => fetch(url, { headers: { Authorization: `Bearer ${session.token}` } })
  let answer = await ask()
  if (answer.status === 401 && (await session.renew())) answer = await ask()
  if (!answer.ok) throw new Error(String(answer.status))
  return URL.createObjectURL(await answer.blob())
}
