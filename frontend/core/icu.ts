/**
 * The part of ICU MessageFormat that our catalogues use: `{name}`, `{n, plural, =0 {..} one {..}
 * other {..}}` with `#`, and `{x, select, a {..} other {..}}`. The server formats the same files.
 * Source: https://unicode-org.github.io/icu/userguide/format_parse/messages/
 */
export type Node = string | Argument

export interface Argument {
  name: string
  type?: 'plural' | 'select' | 'selectordinal'
  cases?: Record<string, Node[]>
}

export type Params = Record<string, unknown>

/** Parse a text of a catalogue. Throws `SyntaxError` for an unclosed or unknown construction. */
export function parse(text: string): Node[] {
  const [nodes, end] = parseNodes(text, 0, false)
  if (end !== text.length) throw new SyntaxError(`unexpected } in ${text}`)
  return nodes
}

function parseNodes(text: string, start: number, inPlural: boolean): [Node[], number] {
  const nodes: Node[] = []
  let plain = ''
  let at = start
  const flush = () => {
    if (plain) nodes.push(plain)
    plain = ''
  }
  while (at < text.length) {
    const char = text[at]!
    if (char === '}') break
    if (char === "'" && /['{}#]/.test(text[at + 1] ?? '')) {
      const [quoted, next] = parseQuoted(text, at)
      plain += quoted
      at = next
    } else if (char === '{') {
      flush()
      const [node, next] = parseArgument(text, at + 1)
      nodes.push(node)
      at = next
    } else if (char === '#' && inPlural) {
      flush()
      nodes.push({ name: '#' })
      at++
    } else {
      plain += char
      at++
    }
  }
  flush()
  return [nodes, at]
}

function parseQuoted(text: string, at: number): [string, number] {
  if (text[at + 1] === "'") return ["'", at + 2]
  const end = text.indexOf("'", at + 1)
  return end < 0 ? [text.slice(at + 1), text.length] : [text.slice(at + 1, end), end + 1]
}

function parseArgument(text: string, start: number): [Argument, number] {
  const head = /^\s*([\w.]+)\s*(?:,\s*(plural|selectordinal|select)\s*,|\})/.exec(text.slice(start))
  if (!head) throw new SyntaxError(`bad argument in ${text}`)
  const name = head[1]!
  let at = start + head[0].length
  if (!head[2]) return [{ name }, at]
  const type = head[2] as Argument['type']
  const cases: Record<string, Node[]> = {}
  for (;;) {
    const label = /^\s*(=?[\w-]+)\s*\{/.exec(text.slice(at))
    if (!label) break
    const [body, end] = parseNodes(text, at + label[0].length, type !== 'select')
    if (text[end] !== '}') throw new SyntaxError(`unclosed case in ${text}`)
    cases[label[1]!] = body
    at = end + 1
  }
  const close = /^\s*\}/.exec(text.slice(at))
  if (!close || !cases.other) throw new SyntaxError(`unclosed argument or no "other" in ${text}`)
  return [{ name, type, cases }, at + close[0].length]
}

/** The text of parsed nodes again; `parse(print(nodes))` gives equal nodes. */
export function print(nodes: Node[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node.replace(/'(?=['{}#])|[{}]/g, (c) => `'${c}'`)
      if (node.name === '#') return '#'
      if (!node.cases) return `{${node.name}}`
      const cases = Object.entries(node.cases).map(([label, body]) => `${label} {${print(body)}}`)
      return `{${node.name}, ${node.type}, ${cases.join(' ')}}`
    })
    .join('')
}

/** Fill in a parsed text. A missing parameter stays visible as `{name}`: never an empty hole. */
export function format(nodes: Node[], params: Params, language: string, count = 0): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node
      if (node.name === '#') return new Intl.NumberFormat(language).format(count)
      const value = params[node.name]
      if (!node.cases) {
        if (value === undefined || value === null) return `{${node.name}}`
        return typeof value === 'number'
          ? new Intl.NumberFormat(language).format(value)
          : String(value)
      }
      const number = Number(value)
      return format(choose(node, value, language), params, language, number)
    })
    .join('')
}

function choose(node: Argument, value: unknown, language: string): Node[] {
  const cases = node.cases!
  if (node.type === 'select') return cases[String(value)] ?? cases.other!
  const exact = cases[`=${value}`]
  if (exact) return exact
  const type = node.type === 'selectordinal' ? 'ordinal' : 'cardinal'
  return cases[new Intl.PluralRules(language, { type }).select(Number(value))] ?? cases.other!
}
