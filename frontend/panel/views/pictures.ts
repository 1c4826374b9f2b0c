import { signal } from '@preact/signals'
import type { FileInfo } from '../../core/types.ts'
import { lazy } from '../lazy.tsx'

const load = () => import('../../pictures/panel.tsx')

/** What a conversation needs to take pictures in; null until it is there. */
export const pictures = signal<Awaited<ReturnType<typeof load>> | null>(null)

export function loadPictures(): void {
  load().then(
    (module) => {
      pictures.value = module
    },
    () => {},
  )
}

/** A picture in a message. */
export const Picture = lazy(
  async () => {
    await load() // says how this surface reads one
    return import('../../pictures/lazy_shown.ts')
  },
  'Picture',
  true,
)

/** A file that is no picture. */
export const File = lazy(() => import('./file.tsx'), 'File', true)

export function isPicture({ kind, media_type }: FileInfo): boolean {
  return kind ? kind === 'image' : media_type.startsWith('image/')
}
