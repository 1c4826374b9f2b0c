import { render } from 'preact'
import { startClock } from '../core/time.ts'
import '../ui/base.css'
import { App } from './app.tsx'
import { meet, tell } from './bridge.ts'
import './panel.css'
import { chooseLanguage, loadStart } from './state.ts'

const met = meet()
await chooseLanguage()
render(<App />, document.getElementById('app')!)
startClock()
await met
await loadStart()
tell({ type: 'ready' })
