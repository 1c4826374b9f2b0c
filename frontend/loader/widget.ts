/*
 * The loader: on every page of a marketplace, so hand-written and small. It draws one real button
 * and loads nothing else until somebody shows intent. No eval, no inline style, no innerHTML: it
 * works under a strict CSP with Trusted Types; the page needs only script-src and frame-src.
 */
export {}

type Token = string | null
type Give = () => Token | Promise<Token>
type Context = { topic?: string; order?: string; question?: string }
type Handler = (value?: unknown) => void

const script = document.currentScript as HTMLScriptElement
const { origin } = new URL(script.src)
const root = document.documentElement
const wished = script.dataset.lang || root.lang || navigator.language
const labels: Record<string, [string, string]> = {
  en: ['Need help?', 'Open the help centre'],
  es: ['¿Necesitas ayuda?', 'Abrir el centro de ayuda'],
  ru: ['Нужна помощь?', 'Открыть справочный центр'],
  'ar-XB': ['\u202eNeed help?\u202c', '\u202eOpen the help centre\u202c'],
}
const lang = labels[wished] ? wished : labels[wished.slice(0, 2)] ? wished.slice(0, 2) : 'en'
const [label, linkLabel] = labels[lang]!

const css = `:host{all:initial}
*{box-sizing:border-box;font:600 15px/1.2 system-ui,sans-serif}
button,iframe,a{position:fixed;z-index:2147483000;inset-block-end:20px;inset-inline-end:20px;border:0;box-shadow:0 2px 6px #3c2d1929,0 8px 28px #3c2d1938}
button,a{display:flex;align-items:center;gap:10px;min-height:52px;padding:0 20px 0 16px;border-radius:26px;background:var(--amparo-accent,#0d5c5b);color:var(--amparo-on-accent,#fff);cursor:pointer;text-decoration:none}
button:hover{filter:brightness(1.12)}
:focus-visible{outline:3px solid #fff;outline-offset:-5px}
svg{fill:none;stroke:currentColor;stroke-width:2.6;stroke-linecap:round}
b{min-width:22px;padding:3px 6px;border-radius:11px;background:#fff;color:#a3312a;text-align:center}
iframe{width:400px;height:min(680px,100dvh - 40px);border-radius:16px;background:#faf8f5;transition:.14s}
@starting-style{iframe{opacity:0;translate:0 12px}}
[hidden]{display:none}
@media(max-width:500px){iframe{inset:0;width:100%;height:100dvh;border-radius:0}}
@media(prefers-color-scheme:dark){iframe{background:#181512}}
@media(prefers-reduced-motion){iframe{transition:none}}
@media(forced-colors:active){button,a{border:2px solid}}
@media print{:host{display:none}}`

const make = (name: string, attributes: Record<string, string>, svg?: boolean): HTMLElement => {
  const element = svg
    ? document.createElementNS('http://www.w3.org/2000/svg', name)
    : document.createElement(name)
  for (const key in attributes) element.setAttribute(key, attributes[key]!)
  return element as HTMLElement
}

// A named region: assistive technology finds it, whatever the page around it is like.
const host = make('section', { lang, 'aria-label': label })
const shadow = host.attachShadow({ mode: 'open' })
const button = make('button', { type: 'button' })
const mark = make(
  'svg',
  { width: '24', height: '24', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
  true,
)
mark.append(
  make('path', { d: 'M4 20v-7a8 8 0 0 1 16 0v7' }, true),
  make('path', { d: 'M12 16.5v.01', 'stroke-width': '6' }, true),
)
const badge = make('b', { hidden: '' })
button.append(mark, label, badge)

const handlers: Record<string, Handler[]> = {}
const waiting: unknown[] = []
let frame: HTMLIFrameElement | undefined
let port: MessagePort | undefined
let give: Give | undefined
let shown = false
let ready = false

const emit = (name: string, value?: unknown) => {
  for (const handler of handlers[name] ?? []) handler(value)
}

// '' never used here, 'open', 'live' (closed, a conversation goes on: keep the badge true), 'used'.
// Storage may be blocked; then the panel simply starts closed on the next page.
const remember = (name: string, value?: string): string | undefined => {
  try {
    if (value === undefined) return sessionStorage[`amparo${name}`]
    sessionStorage[`amparo${name}`] = value
  } catch {}
}
const page = () => location.pathname + location.search

const send = (message: unknown) => {
  if (port) port.postMessage(message)
  else waiting.push(message)
}

const identify = async () => {
  let token: Token = null
  try {
    token = (await give?.()) ?? null
  } catch {}
  send({ type: 'identify', token })
}

const load = () => {
  if (frame) return
  frame = make('iframe', {
    title: label,
    hidden: '',
    src: `${origin}/panel/?site=${encodeURIComponent(script.dataset.site ?? '')}&lang=${lang}`,
  }) as HTMLIFrameElement
  frame.onload = () => {
    const channel = new MessageChannel()
    channel.port1.onmessage = ({ data }) => {
      if (data.type === 'welcome') {
        port = channel.port1
        for (const message of waiting.splice(0)) send(message)
        if (give) identify()
        if (shown) send({ type: 'shown' })
      } else if (data.type === 'ready') {
        ready = true
        emit('ready')
      } else if (data.type === 'close') close()
      else if (data.type === 'need-token') identify()
      else if (data.type === 'keep') remember('Kept', data.data)
      else if (data.type === 'unread') {
        badge.hidden = !data.n
        badge.textContent = data.n
        if (!shown) remember('', data.live ? 'live' : 'used')
        emit('unread', data.n)
      }
    }
    // '*' would tell any page that replaced ours who is asking.
    const hello = { amparo: 'hello', v: 1, identify: !!give, page: page(), kept: remember('Kept') }
    frame!.contentWindow!.postMessage(hello, origin, [channel.port2])
  }
  shadow.append(frame)
}

const giveUp = () => {
  if (!shown || port) return
  close()
  const link = make('a', { href: `${origin}/help/${lang}/`, target: '_blank', rel: 'noopener' })
  link.append(mark, linkLabel)
  button.replaceWith(link)
  link.focus()
}

const show = () => {
  load()
  shown = true
  frame!.hidden = false
  button.hidden = true
  remember('', 'open')
  if (port) send({ type: 'shown' })
  else setTimeout(giveUp, 8000)
  emit('open')
}

const open = (context?: Context) => {
  send({ type: 'open', page: page(), ...context })
  if (!shown) show()
  frame!.focus()
}

const close = () => {
  if (!shown) return
  shown = false
  frame!.hidden = true
  button.hidden = false
  remember('', 'used')
  send({ type: 'hidden' })
  button.focus()
  emit('close')
}

const api = {
  /** A token, or better a function that fetches a fresh one: it is asked only when needed. */
  identify(token: Token | Give) {
    let once = token
    give =
      typeof token === 'function'
        ? token
        : () => {
            const value = once as Token
            once = null
            return value
          }
    if (port) identify()
  },
  open,
  close,
  logout() {
    give = undefined
    if (remember('') || frame) load()
    send({ type: 'logout' })
    remember('', '')
  },
  on(name: string, handler: Handler) {
    handlers[name] = [...(handlers[name] ?? []), handler]
    if (name === 'ready' && ready) handler()
  },
}

const global = window as unknown as {
  Amparo?: typeof api & { q?: [keyof typeof api, ...unknown[]][] }
}
const early = global.Amparo?.q
global.Amparo = api
for (const [name, ...values] of early ?? []) (api[name] as (...all: unknown[]) => void)(...values)

button.onclick = () => open()
button.onpointerenter = button.onfocus = load
addEventListener('keydown', (event) => {
  if (event.key === 'Escape') close()
})

const sheet = new CSSStyleSheet()
sheet.replaceSync(css)
shadow.adoptedStyleSheets = [sheet]
shadow.append(button)

const start = () => {
  document.body.append(host)
  const before = remember('')
  if (before === 'open') show()
  else if (before === 'live') load()
}
if (document.body) start()
else addEventListener('DOMContentLoaded', start)
