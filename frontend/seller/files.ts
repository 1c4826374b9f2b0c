import { ApiProblem } from '../core/api.ts'
import { language } from '../core/i18n.ts'
import { reader } from '../pictures/shown.tsx'
import { saver } from '../ui/case/files.tsx'
import { bearer } from './session.ts'

/** The bearer goes with a request and never into an address, so files are fetched before shown. */
async function fetched(url: string): Promise<Blob> {
  const headers: Record<string, string> = { 'Accept-Language': language.peek() }
  const token = bearer()
  if (token) headers.Authorization = `Bearer ${token}`
  const answer = await fetch(url, { headers }).catch(() => null)
  if (!answer) throw new ApiProblem(0, 'offline', 'offline')
  if (!answer.ok) throw new ApiProblem(answer.status, `http_${answer.status}`, '')
  return answer.blob()
}

/** Hand a file over as a download. */
export async function save(url: string, name: string): Promise<void> {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await fetched(url))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

reader.read = async (url) => URL.createObjectURL(await fetched(url))
saver.save = save
