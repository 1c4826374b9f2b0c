import '../../pictures/panel_reader.ts'
import { Cases } from '../../core/cases.ts'
import { saver } from '../../ui/case/files.tsx'
import { api, session } from '../state.ts'
import { save } from './download.ts'

saver.save = save

/** The cases of whoever is in front of the panel. */
export const cases = new Cases(api, async (fresh) => {
  if (fresh) await session.renew()
  return { token: await session.ensure() }
})

/** Begins the places of what they write: nobody else finds it. */
export const place = () => `panel.${session.person.value?.id ?? ''}`
