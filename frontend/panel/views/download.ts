import { ApiProblem } from '../../core/api.ts'
import { language } from '../../core/i18n.ts'
import { session } from '../state.ts'

/** Fetch what only the bearer may read. Throws `ApiProblem`. */
export async function fetched(url: string): Promise<Blob> {
  const ask = async () => {
    const token = await session.ensure()
    const headers = { Authorization: `Bearer ${token}`, 'Accept-Language': language.value }
    return fetch(url, { headers }).catch(() => {
      throw new ApiProblem(0, 'offline', 'offline')
    })
  }
  let answer = await ask()
  if (answer.status === 401 && (await session.renew())) answer = await ask()
  if (!answer.ok) {
    const { code, title, detail } = await answer.json().catch(() => ({}))
    throw new ApiProblem(answer.status, code ?? '', title ?? '', detail ?? null)
  }
  return answer.blob()
}

/** Fetch it, and hand it to the browser as a file. Throws `ApiProblem`. */
export async function save(url: string, name: string): Promise<void> {
  const source = URL.createObjectURL(await fetched(url))
  const link = document.createElement('a')
  Object.assign(link, { href: source, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(source), 60_000)
}
