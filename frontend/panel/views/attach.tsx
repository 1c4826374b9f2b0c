import { useEffect, useState } from 'preact/hooks'
import { ApiProblem } from '../../core/api.ts'
import { t } from '../../core/i18n.ts'
import { uuid7 } from '../../core/ids.ts'
import { store } from '../state.ts'
import { type Beside, beside } from './beside.ts'
import { loadPictures, pictures } from './pictures.ts'

const KEY = 'home.pictures'

/**
 * Pictures beside the first question: they open a conversation of their own with it. It comes with
 * the first letter: who only looks does not load it.
 */
export function Attach() {
  const [conversation] = useState(() => store.get<string>(KEY) ?? uuid7())
  const { Pick, Waiting, basketFor } = pictures.value ?? {}
  const basket = basketFor?.(conversation)
  useEffect(loadPictures, [])
  useEffect(() => {
    if (!basket) return
    store.set(KEY, conversation)
    beside.take = () => {
      if (!basket.full.value) return null
      return new Promise<Beside>((resolve, reject) => {
        const taken = basket.whenReady((files) => {
          store.remove(KEY)
          beside.take = () => null
          resolve({ conversation, files })
          return true
        })
        const why = basket.notice.value
        if (taken === false && why === 'pictures.settle_first')
          reject(new ApiProblem(422, 'settle_first', t(why)))
      })
    }
    // It stays when this view goes: the field is emptied before the question is on its way.
  }, [basket])
  if (!Pick || !Waiting || !basket) return null
  return (
    <div class="home-pictures">
      <Pick basket={basket} />
      <Waiting basket={basket} area=".screen" />
    </div>
  )
}
