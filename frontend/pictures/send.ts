import { ApiProblem } from '../core/api.ts'
import { language } from '../core/i18n.ts'
import type { FileInfo } from '../core/types.ts'

export interface Parcel {
  conversation: string
  key: string
  name: string
  blob: Blob
  progress(share: number): void
  signal: AbortSignal
}

export interface Proof {
  token?: string | null
  csrf?: string | null
}

/** Put a picture into a conversation, telling how far it is. Throws `ApiProblem`. */
export function send(parcel: Parcel, { token, csrf }: Proof): Promise<FileInfo> {
  // fetch() does not tell how much has left.
  const request = new XMLHttpRequest()
  const query = new URLSearchParams({
    client_id: parcel.key,
    name: parcel.name.slice(0, 200),
    open: 'true',
  })
  return new Promise((resolve, reject) => {
    const cut = () => reject(new ApiProblem(0, 'offline', 'offline'))
    request.open('POST', `/api/v1/conversations/${parcel.conversation}/files?${query}`)
    request.responseType = 'json'
    request.timeout = 120_000
    request.setRequestHeader('Content-Type', parcel.blob.type || 'application/octet-stream')
    request.setRequestHeader('Accept-Language', language.value)
    if (token) request.setRequestHeader('Authorization', `Bearer ${token}`)
    if (csrf) request.setRequestHeader('X-CSRF-Token', csrf)
    request.upload.onprogress = ({ loaded, total }) => parcel.progress(total ? loaded / total : 0)
    request.onerror = cut
    request.ontimeout = cut
    request.onabort = cut
    request.onload = () => {
      const said = request.response ?? {}
      if (request.status < 300) resolve(said as FileInfo)
      else
        reject(
          new ApiProblem(request.status, said.code ?? '', said.title ?? '', said.detail ?? null),
        )
    }
    parcel.signal.addEventListener('abort', () => request.abort())
    request.send(parcel.blob)
  })
}
