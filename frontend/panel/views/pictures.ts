import { signal } from '@preact/signals'
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
    return import('../../pictures/shown.tsx')
  },
  'Picture',
  true,
)
