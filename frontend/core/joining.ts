import type { Api } from './api.ts'
import type { Session } from './session.ts'
import type { Store } from './storage.ts'

/** Whether the visitor's conversations are the buyer's, as the buyer says. */
export async function join(session: Session, api: Api, store: Store, keep: boolean): Promise<void> {
  const { value } = session.before
  if (keep && value) await api.post('/api/v1/sessions/me/join', { visitor_token: value.token })
  session.before.value = null
  store.remove('before')
  store.remove('talked')
}
