import { ApiProblem } from '../core/api.ts'
import { language } from '../core/i18n.ts'
import { uuid4 } from '../core/ids.ts'
import { session } from '../panel/state.ts'
import type { Fix } from './fix.ts'

/** The id under which a picture is sent: the same file of the same fix is put in once. */
const ids = new WeakMap<File, string>()

/** Put a picture into the conversation; it is shown with the message about it. */
export async function upload(fix: Fix, file: File): Promise<string> {
  const client = ids.get(file) ?? uuid4()
  ids.set(file, client)
  const query = new URLSearchParams({ client_id: client, name: file.name.slice(0, 200) })
  if (fix.opens) query.set('open', 'true')
  const headers: Record<string, string> = {
    'Content-Type': file.type || 'application/octet-stream',
    'Accept-Language': language.value,
  }
  if (session.token) headers.Authorization = `Bearer ${session.token}`
  const address = `/api/v1/conversations/${fix.conversation}/files?${query}`
  const answer = await fetch(address, { method: 'POST', headers, body: file }).catch(() => {
    throw new ApiProblem(0, 'offline', 'offline')
  })
  const data = await answer.json().catch(() => ({}))
  if (!answer.ok)
    throw new ApiProblem(
      answer.status,
      data.code ?? 'upload',
      data.title ?? '',
      data.detail ?? null,
    )
  return data.id
}
