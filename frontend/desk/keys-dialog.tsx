import { useSignal } from '@preact/signals'
import { t } from '../core/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import type { Desk } from './desk.ts'
import { COMMANDS, type Command, FIXED, mod, pressed, shown } from './keys.ts'

/** A command in words. */
export function commandText(command: Command): string {
  if (!command.startsWith('go_')) return t(`desk.keys.${command}`)
  return t('desk.keys.go', { view: t(`desk.view.${command.slice(3)}`) })
}

/** The shortcuts, from the table that the keys are read from. */
export function Help({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const keys = desk.keys.map.value
  const rows: [string, string][] = [
    ...COMMANDS.flatMap((command): [string, string][] => {
      const key = keys[command]
      return key ? [[shown(key), commandText(command)]] : []
    }),
    [mod('K'), t('desk.keys.palette')],
    [mod('Enter'), t('desk.keys.send')],
    ['Esc', t('desk.keys.leave')],
  ]
  return (
    <Dialog
      title={t('desk.keys.title')}
      closeLabel={t('desk.action.close')}
      onClose={onClose}
      actions={
        <Button
          onClick={() => {
            desk.dialog.value = 'remap'
          }}
        >
          {t('desk.keys.remap')}
        </Button>
      }
    >
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

interface Clash {
  command: Command
  key: string
  other: Command
}

/** Every command with its key; a press on the key waits for another one. */
export function Remap({ desk, onClose }: { desk: Desk; onClose: () => void }) {
  const { keys } = desk
  const listening = useSignal<Command | null>(null)
  const begun = useSignal<string | null>(null)
  const clash = useSignal<Clash | null>(null)
  const stop = () => {
    listening.value = null
    begun.value = null
  }
  const set = (command: Command, key: string | null, take = false) => {
    const other = keys.set(command, key, take)
    clash.value = other && key ? { command, key, other } : null
    stop()
  }
  const press = (event: KeyboardEvent) => {
    const command = listening.peek()
    if (!command || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Escape') return stop()
    if (event.key === 'Backspace' || event.key === 'Delete') return set(command, null)
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const key = pressed(event)
    if (!key) return
    // G begins the lists: the key after it belongs to it.
    if (key === 'g' && !begun.peek()) begun.value = key
    else set(command, begun.peek() ? `${begun.peek()} ${key}` : key)
  }
  return (
    <Dialog
      title={t('desk.remap.title')}
      closeLabel={t('desk.action.close')}
      onClose={onClose}
      actions={
        <Button
          onClick={() => {
            keys.reset()
            clash.value = null
          }}
        >
          {t('desk.remap.reset')}
        </Button>
      }
    >
      <p class="muted">{t('desk.remap.lead')}</p>
      <Told clash={clash.value} onTake={({ command, key }) => set(command, key, true)} />
      <div class="remap">
        {COMMANDS.filter((command) => !FIXED.includes(command)).map((command) => (
          <div key={command}>
            <span>{commandText(command)}</span>
            <button
              type="button"
              class="button plain small key-button"
              aria-label={t('desk.remap.change', {
                command: commandText(command),
                key: said(keys.map.value[command]),
              })}
              onClick={() => {
                clash.value = null
                begun.value = null
                listening.value = command
              }}
              onKeyDown={press}
              onBlur={stop}
            >
              {listening.value === command
                ? t(begun.value ? 'desk.remap.then' : 'desk.remap.press')
                : said(keys.map.value[command])}
            </button>
          </div>
        ))}
      </div>
    </Dialog>
  )
}

function said(key: string | undefined): string {
  return key ? shown(key) : t('desk.remap.none')
}

function Told({ clash, onTake }: { clash: Clash | null; onTake: (clash: Clash) => void }) {
  return (
    <div role="alert">
      {clash && (
        <div class="notice warning">
          <p class="notice-text">
            {t('desk.remap.clash', { key: shown(clash.key), command: commandText(clash.other) })}
          </p>
          <Button small onClick={() => onTake(clash)}>
            {t('desk.remap.take')}
          </Button>
        </div>
      )}
    </div>
  )
}
