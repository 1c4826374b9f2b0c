import './case.css'
import '../../pictures/pictures.css'
import '../../pictures/icons.ts'
import '../more_icons.ts'
import { useRef, useState } from 'preact/hooks'
import { has, t } from '../../core/i18n.ts'
import type { Basket, Item } from '../../pictures/basket.ts'
import { ACCEPTED } from '../../pictures/kinds.ts'
import { Thumb } from '../../pictures/shown.tsx'
import { Button, IconButton } from '../button.tsx'
import { ending } from '../bytes.ts'

export interface AttachFilesProps {
  id: string
  label: string
  help?: string | null
  basket: Basket
  required?: boolean
  error?: string | null
}

/** Files of one kind: picked, dropped or pasted; they leave at once, and come back after a reload. */
export function AttachFiles({ id, label, help, basket, required, error }: AttachFilesProps) {
  const field = useRef<HTMLInputElement>(null)
  const pick = useRef<HTMLButtonElement>(null)
  const [over, setOver] = useState(false)
  const notice = basket.notice.value
  const take = (event: DragEvent | ClipboardEvent, data: DataTransfer | null) => {
    if (!data?.files.length) return
    event.preventDefault()
    basket.add(data.files)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut; the button does the same
    <div
      class={`case-attach ${over ? 'over' : ''}`}
      onDragOver={(event) => {
        if (![...(event.dataTransfer?.types ?? [])].includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        take(event, event.dataTransfer)
      }}
      onPaste={(event) => take(event, event.clipboardData)}
    >
      <div class="case-attach-head">
        <span id={`${id}-label`} class="case-label">
          {label}
          {!required && <span class="muted"> {t('case.form.optional')}</span>}
        </span>
        <input
          ref={field}
          class="visually-hidden"
          type="file"
          accept={ACCEPTED}
          multiple
          tabIndex={-1}
          aria-hidden="true"
          onChange={({ currentTarget }) => {
            basket.add(currentTarget.files ?? [])
            currentTarget.value = ''
          }}
        />
        <Button
          id={id}
          icon="attach"
          innerRef={pick}
          aria-describedby={[`${id}-label`, error && `${id}-error`].filter(Boolean).join(' ')}
          aria-invalid={error ? 'true' : undefined}
          onClick={() => field.current?.click()}
        >
          {t('case.form.add_files')}
        </Button>
      </div>
      {help && (
        <p class="muted small" dir="auto">
          {help}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} class="case-error">
          {error}
        </p>
      )}
      <Attached basket={basket} onRemoved={() => pick.current?.focus()} />
      <p class="small" role="status">
        {notice && has(notice) ? t(notice) : null}
      </p>
    </div>
  )
}

function Attached({ basket, onRemoved }: { basket: Basket; onRemoved(): void }) {
  const items = basket.items.value
  if (!items.length) return null
  return (
    <ul class="case-attached" aria-label={t('case.form.files')}>
      {items.map((item) => (
        <One key={item.key} item={item} basket={basket} onRemoved={onRemoved} />
      ))}
    </ul>
  )
}

function One({ item, basket, onRemoved }: { item: Item; basket: Basket; onRemoved(): void }) {
  const { key, standing, progress, problem, preview } = item
  const name = item.name || t('case.form.unnamed')
  return (
    <li class={`picture-item ${standing}`}>
      {preview === null ? (
        <span class="thumb ending">{ending(name)}</span>
      ) : (
        <Thumb source={preview} name="" />
      )}
      <div class="picture-about">
        <span class="picture-name" dir="auto">
          {name}
        </span>
        {standing === 'sending' && (
          <progress max={1} value={progress} aria-label={t('case.form.sending_file', { name })} />
        )}
        {problem && (
          <span class="picture-problem" role="alert">
            {has(problem) ? t(problem) : problem}
          </span>
        )}
        {standing === 'cut' && (
          <Button small kind="quiet" onClick={() => basket.retry(key)}>
            {t('case.retry')}
          </Button>
        )}
      </div>
      <IconButton
        icon="close"
        label={t('case.form.remove_file', { name })}
        onClick={() => {
          basket.remove(key)
          onRemoved()
        }}
      />
    </li>
  )
}
