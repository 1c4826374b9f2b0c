// What bench.browser measures inside the page. Times are performance.now(), milliseconds; a thing
// is visible when the frame that shows it has been painted.
{
  const bench = {
    first: 0,
    last: 0,
    armed: '',

    painted: () =>
      new Promise((done) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => done(performance.now())
          port2.postMessage(0)
        }),
      ),

    until: (condition) =>
      new Promise((done) => {
        const look = () => {
          if (!condition()) return
          watcher.disconnect()
          done()
        }
        const watcher = new MutationObserver(look)
        watcher.observe(document, { subtree: true, childList: true, characterData: true })
        look()
      }),

    log: () => document.querySelector('.thread-log'),

    shows(text) {
      const all = bench.log()?.querySelectorAll('.message') ?? []
      return all.length > 0 && all[all.length - 1].textContent.includes(text)
    },

    /** From the first frame of the burst until its last message is painted, until the last frame
     *  was there, and until the last message was in the document. */
    async burst(mark, last) {
      bench.first = 0
      bench.armed = mark
      await bench.until(() => bench.shows(last))
      const drawn = performance.now()
      bench.armed = ''
      const painted = await bench.painted()
      return [painted, bench.last, drawn].map((moment) => moment - bench.first)
    },

    /** From the press until the message is painted. */
    async sent(text) {
      const pressed = new Promise((done) =>
        addEventListener('keydown', function down(event) {
          if (event.key !== 'Enter') return
          removeEventListener('keydown', down, true)
          done(performance.now())
        }, true),
      )
      const visible = bench.until(() => bench.shows(text)).then(bench.painted)
      return (await visible) - (await pressed)
    },

    /** From the click on a row until its conversation is painted. */
    async opened(id, text) {
      const row = document.querySelector(`a.row[href*="${id}"]`)
      const began = performance.now()
      row.click()
      await bench.until(() => bench.shows(text))
      return (await bench.painted()) - began
    },

    /** The same rows by plain DOM code, in an empty area of the same kind at the same place. */
    async plain(count) {
      const log = bench.log()
      const rows = [...log.children].filter((row) => row.matches('.message, :has(.message)'))
      const specs = rows.slice(-count).map(described)
      const area = log.cloneNode(false)
      log.style.display = 'none'
      log.after(area)
      await bench.painted()
      const began = performance.now()
      for (const spec of specs) area.append(built(spec))
      area.scrollTop = area.scrollHeight
      const took = (await bench.painted()) - began
      area.remove()
      log.style.display = ''
      return [specs.length, took]
    },
  }

  const described = (node) =>
    node.nodeType === Node.TEXT_NODE
      ? node.data
      : {
          space: node.namespaceURI,
          name: node.localName,
          attributes: [...node.attributes].map(({ name, value }) => [name, value]),
          children: [...node.childNodes].map(described),
        }

  const built = (spec) => {
    if (typeof spec === 'string') return document.createTextNode(spec)
    const node = document.createElementNS(spec.space, spec.name)
    for (const [name, value] of spec.attributes) node.setAttribute(name, value)
    for (const child of spec.children) node.append(built(child))
    return node
  }

  const Native = window.WebSocket
  window.WebSocket = class extends Native {
    constructor(...words) {
      super(...words)
      this.addEventListener('message', ({ data }) => {
        if (!bench.armed || !data.includes(bench.armed)) return
        bench.last = performance.now()
        bench.first ||= bench.last
      })
    }
  }
  window.bench = bench
}
