import { useComputed, useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import { Dialog } from '../ui/dialog.tsx'
import { available, type DialogName, run } from './commands.ts'
import type { Desk } from './desk.ts'
import { type Command, KEYS, mod } from './keys.ts'

/** The shortcuts, from the same table the keys are read from. */
export function Help({ onClose }: { onClose: () => void }) {
  const rows: [string, string][] = [
    ...KEYS.map(([key, command]): [string, string] => [shown(key), t(`desk.keys.${command}`)]),
    [mod('K'), t('desk.keys.palette')],
    [mod('Enter'), t('desk.keys.send')],
    ['Esc', t('desk.keys.leave')],
  ]
  return (
    <Dialog title={t('desk.keys.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <p class="muted">{t('desk.keys.lead')}</p>
      <dl class="key-list">
        {rows.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}

function shown(key: string): string {
  return key.startsWith('shift+') ? `⇧${key.slice(6).toUpperCase()}` : key.toUpperCase()
}

export interface PaletteProps {
  desk: Desk
  onHelp: () => void
  onClose: () => void
}

/** Every command by its name: type, move, Enter. */
export function Palette({ desk, onHelp, onClose }: PaletteProps) {
  const query = useSignal('')
  const at = useSignal(0)
  const id = useId()
  const all = useComputed(() =>
    KEYS.filter(([, command]) => available(desk, command)).filter(([, command]) =>
      t(`desk.keys.${command}`).toLowerCase().includes(query.value.trim().toLowerCase()),
    ),
  ).value
  const chosen = Math.min(at.value, all.length - 1)
  const go = (command: Command | undefined) => {
    if (!command) return
    onClose()
    // After the dialog gave the focus back, so that a command may move it.
    setTimeout(() => run(desk, command, (name: DialogName | null) => name === 'help' && onHelp()))
  }
  const keyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) at.value = (chosen + step + all.length) % Math.max(1, all.length)
    if (event.key === 'Enter' && !event.isComposing) go(all[chosen]?.[1])
    if (step || event.key === 'Enter') event.preventDefault()
  }
  return (
    <Dialog title={t('desk.palette.title')} closeLabel={t('desk.action.close')} onClose={onClose}>
      <input
        class="field"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={all.length ? `${id}-${chosen}` : undefined}
        aria-label={t('desk.palette.find')}
        placeholder={t('desk.palette.find')}
        autoFocus
        value={query.value}
        onInput={(event) => {
          query.value = event.currentTarget.value
          at.value = 0
        }}
        onKeyDown={keyDown}
      />
      {all.length === 0 && <p class="muted">{t('desk.palette.none')}</p>}
      <div id={`${id}-list`} class="palette" role="listbox" aria-label={t('desk.palette.title')}>
        {all.map(([key, command], index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={command}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            tabIndex={-1}
            onClick={() => go(command)}
          >
            <span>{t(`desk.keys.${command}`)}</span>
            <kbd>{shown(key)}</kbd>
          </div>
        ))}
      </div>
    </Dialog>
  )
}
