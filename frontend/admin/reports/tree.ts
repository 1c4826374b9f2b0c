import { language } from '../../core/i18n.ts'
import type { PanelStart, Topic } from '../../core/types.ts'
import { api } from '../../desk/session.ts'
import type { Overview } from '../types.ts'

/** The tree of the guide in the administrator's language; empty where there is no site yet. */
export async function fetchTopics(): Promise<Topic[]> {
  const { sites } = await api.get<Overview>('/api/v1/admin/overview')
  if (!sites[0]) return []
  const query = { site: sites[0].key, lang: language.peek() }
  return (await api.get<PanelStart>('/api/v1/panel/start', { query })).topics
}
