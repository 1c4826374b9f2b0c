import './pictures.css'
import './icons.ts'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../core/i18n.ts'
import type { FileInfo } from '../core/types.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { ready } from './texts.ts'

/** How a surface reads a picture: by its cookie it needs nothing, with a bearer it fetches. */
export const reader: { read: ((url: string) => Promise<string>) | null } = { read: null }

const known = new Map<string, Promise<string>>()

function read(url: string): Promise<string> {
  const again = known.get(url)
  if (again) return again
  const fresh = reader.read!(url)
  known.set(url, fresh)
  fresh.catch(() => known.delete(url))
  return fresh
}

/** The address that an image can show: at once, when it was fetched, or null where it cannot be. */
function useSource(url: string, attempt: number): string | null | undefined {
  const direct = !reader.read || !url.startsWith('/')
  const [found, setFound] = useState<string | null | undefined>(undefined)
  useEffect(() => {
    if (direct) return
    let here = true
    setFound(undefined)
    read(url).then(
      (source) => here && setFound(source),
      () => here && setFound(null),
    )
    return () => {
      here = false
    }
  }, [url, attempt])
  return direct ? url : found
}

/** A small picture of known size beside its name. */
export function Thumb({ source, name }: { source: string; name: string }) {
  const shown = useSource(source, 0)
  const [broken, setBroken] = useState(false)
  if (!shown || broken)
    return (
      <span class="thumb">
        <Icon name="picture" />
      </span>
    )
  return <img class="thumb" src={shown} alt={name} onError={() => setBroken(true)} />
}

/** A picture in a message: its place is kept before it comes; a press shows it whole. */
export function Picture({ file }: { file: FileInfo }) {
  const [open, setOpen] = useState(false)
  const [attempt, setAttempt] = useState(0)
  const [broken, setBroken] = useState(false)
  const source = useSource(file.url, attempt)
  if (!ready()) return null
  const name = file.name || t('pictures.unnamed')
  const missing = broken || source === null
  const press = () => {
    if (!missing) return setOpen(true)
    setBroken(false)
    setAttempt(attempt + 1)
  }
  const size = { width: file.width, height: file.height }
  return (
    <>
      <button
        type="button"
        class="picture"
        aria-label={missing ? t('pictures.gone') : t('pictures.open', { name })}
        onClick={press}
      >
        {missing ? (
          <span class="picture-gone">{t('pictures.gone')}</span>
        ) : (
          source && <img {...size} src={source} alt="" onError={() => setBroken(true)} />
        )}
      </button>
      {open && source && (
        <Dialog title={name} closeLabel={t('pictures.close')} onClose={() => setOpen(false)}>
          <div class="picture-whole">
            <img {...size} src={source} alt={name} />
          </div>
        </Dialog>
      )}
    </>
  )
}
