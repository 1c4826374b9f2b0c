import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'
import { firstView } from '../panel/first_view.ts'
import { pseudo } from './pseudo.ts'

const QUERY = /\.json\?(pseudo)?-?(first|rest)?$/

/**
 * `import('./locales/en.json?pseudo')` gives the right-to-left pseudo-language made from it;
 * `?first` and `?rest` give the part that the panel's first view needs, and the other one.
 */
export function catalogues(): Plugin {
  return {
    name: 'catalogues',
    enforce: 'pre',
    load(id) {
      const [found, isPseudo, part] = QUERY.exec(id) ?? []
      if (!found) return
      const whole: Record<string, string> = JSON.parse(readFileSync(id.split('?')[0]!, 'utf8'))
      const wanted = Object.entries(whole).filter(
        ([key]) => !part || firstView(key) === (part === 'first'),
      )
      const texts = Object.fromEntries(wanted)
      const code = `export default ${JSON.stringify(isPseudo ? pseudo(texts) : texts)}`
      return { code, moduleType: 'js' }
    },
  }
}
