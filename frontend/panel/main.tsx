import { render } from 'preact'
import { blocked } from '../core/storage.ts'
import '../ui/base.css'
import { App } from './app.tsx'
import { embedded, greet, meet, tell } from './bridge.ts'
import './panel.css'
import { restoreViews } from './router.ts'
import { chooseLanguage, loadStart, session } from './state.ts'

// Not awaited at the top level: a lazy chunk that imports from this one would wait for its end.
async function main(): Promise<void> {
  const hello = greet()
  if (blocked && embedded) {
    const { openVault } = await import('./vault.ts')
    const keep = (data: string) => tell({ type: 'keep', data })
    await openVault((await hello)?.kept, keep).catch(() => undefined)
  }
  restoreViews()
  const met = hello.then(meet).finally(() => {
    session.known.value = true
  })
  await chooseLanguage()
  render(<App />, document.getElementById('app')!)
  await met
  await loadStart()
  tell({ type: 'ready' })
}

void main()
