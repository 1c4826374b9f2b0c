import { type Node, parse, print } from '../core/icu.ts'

/**
 * The pseudo-language `ar-XB` made from English: every text is wrapped in right-to-left override
 * marks, so a person can still read it, a test sees at once which text is not in a catalogue, and
 * the page is laid out from right to left.
 */
export function pseudo(texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, print(mirror(parse(text)))]),
  )
}

const RLO = '\u202e'
const PDF = '\u202c'

function mirror(nodes: Node[]): Node[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return node.trim() ? `${RLO}${node}${PDF}` : node
    if (!node.cases) return node
    const cases = Object.entries(node.cases).map(([name, body]) => [name, mirror(body)] as const)
    return { ...node, cases: Object.fromEntries(cases) }
  })
}
