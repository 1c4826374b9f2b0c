import { effect } from '@preact/signals'
import { render } from 'preact'
import '../ui/base.css'
import '../ui/more_icons.ts'
import { startClock } from '../core/time.ts'
import { App } from './app.tsx'
import { firstLanguage, setLanguage } from './language.ts'
import { followLinks } from './routes.ts'
import './seller.css'
import { begin, session } from './session.ts'

async function start(): Promise<void> {
  followLinks()
  startClock()
  await Promise.all([setLanguage(firstLanguage()), begin()])
  effect(() => {
    const current = session.value
    if (current.phase === 'in') void setLanguage(firstLanguage(current.person.language))
  })
  render(<App />, document.getElementById('app')!)
}

void start()
