import { beforeEach, describe, expect, it } from 'vitest'
import { Api } from '../core/api.ts'
import { sessionStore } from '../core/storage.ts'
import type { Topic } from '../core/types.ts'
import { Editor } from './editor.ts'
import { answeredIn, blocks, grouped } from './questions.ts'
import type { TextRow } from './types.ts'
import { weekInWords } from './week.ts'

/** A server with one answer, and If-Match as the real one has it. */
class Server {
  version = 1
  title = 'Where is my parcel?'
  body = 'Open My orders.'
  down = false

  readonly fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    if (this.down) throw new TypeError('network')
    if (init?.method === 'PUT') {
      const match = new Headers(init.headers).get('If-Match')
      if (match !== `"${this.version}"`)
        return this.answer(412, { code: 'changed', title: 'Changed' })
      this.change(JSON.parse(String(init.body)))
    }
    return this.answer(200, this.text)
  }

  change(words: { title?: string; body?: string }): void {
    Object.assign(this, words)
    this.version++
  }

  private get text() {
    const { version, title, body } = this
    return { key: 'k', language: 'en', version, title, body, edited: version > 1, updated_at: '' }
  }

  private answer(status: number, data: unknown): Response {
    const headers = { 'content-type': 'application/json', etag: `"${this.version}"` }
    return new Response(JSON.stringify(data), { status, headers })
  }
}

let server: Server
const open = async () => {
  const store = sessionStore('test.', sessionStorage)
  const editor = new Editor(new Api({ fetch: server.fetch as never }), 'k', 'en', store)
  await editor.load()
  return editor
}

beforeEach(() => {
  sessionStorage.clear()
  server = new Server()
})

describe('editing an answer', () => {
  it('saves what was typed', async () => {
    const teo = await open()
    teo.write('body', 'Press Track parcel.')
    expect(teo.changed.value).toBe(true)
    expect(await teo.save()).toBe(true)
    expect(server.body).toBe('Press Track parcel.')
    expect(teo.changed.value).toBe(false)
    expect(teo.base.value?.edited).toBe(true)
  })

  it('keeps a typed text over a reload, and forgets it when it was discarded', async () => {
    const before = await open()
    before.write('body', 'half a sentence')
    expect((await open()).body.value).toBe('half a sentence')
    before.discard()
    expect((await open()).body.value).toBe('Open My orders.')
  })

  it('keeps the text when the server is away', async () => {
    const teo = await open()
    teo.write('body', 'new')
    server.down = true
    expect(await teo.save()).toBe(false)
    expect(teo.error.value?.code).toBe('offline')
    expect(teo.body.value).toBe('new')
    server.down = false
    expect(await teo.save()).toBe(true)
  })

  it('does not save an empty answer', async () => {
    const teo = await open()
    teo.write('body', '  ')
    expect(await teo.save()).toBe(false)
    expect(teo.error.value?.code).toBe('empty')
    expect(server.version).toBe(1)
  })
})

describe('two people edit the same answer', () => {
  const collide = async () => {
    const teo = await open()
    teo.write('body', 'mine')
    server.change({ body: 'theirs' })
    expect(await teo.save()).toBe(false)
    expect(teo.conflict.value?.body).toBe('theirs')
    expect(teo.body.value).toBe('mine')
    return teo
  }

  it('nothing is overwritten before somebody decided', async () => {
    await collide()
    expect(server.body).toBe('theirs')
  })

  it('mine can go on top of theirs', async () => {
    const teo = await collide()
    teo.settle('mine')
    expect(teo.body.value).toBe('mine')
    expect(await teo.save()).toBe(true)
    expect(server.body).toBe('mine')
  })

  it('theirs can stay', async () => {
    const teo = await collide()
    teo.settle('theirs')
    expect(teo.body.value).toBe('theirs')
    expect(teo.changed.value).toBe(false)
  })

  it('a text kept from before their change asks too', async () => {
    const before = await open()
    before.write('body', 'mine')
    server.change({ body: 'theirs' })
    const after = await open()
    expect(after.body.value).toBe('mine')
    expect(await after.save()).toBe(false)
    expect(after.conflict.value?.body).toBe('theirs')
  })
})

describe('the list of questions', () => {
  const row = (key: string, answered = true, language = 'en'): TextRow => {
    return {
      key,
      language,
      title: `Title ${key}`,
      answered,
      edited: false,
      version: 1,
      updated_at: '',
    }
  }
  const topics: Topic[] = [
    {
      key: 'orders',
      title: 'My orders',
      categories: [
        { key: 'delivery', title: 'Delivery', questions: [{ key: 'b', title: 'B' }] },
        { key: 'empty', title: 'Empty', questions: [] },
      ],
    },
  ]
  const all = { query: '', onlyMissing: false }

  it('stands under topics and categories; what no topic names comes last', () => {
    const groups = grouped([row('a'), row('b')], topics, all)
    expect(groups.map(({ topic, categories }) => [topic.key, categories.length])).toEqual([
      ['orders', 1],
      ['', 1],
    ])
    expect(groups[1]!.categories[0]!.questions[0]!.key).toBe('a')
  })

  it('can show only what has no answer, or what fits some words', () => {
    const rows = [row('a', false), row('b')]
    const keys = (filter: typeof all) =>
      grouped(rows, topics, filter).flatMap(({ categories }) =>
        categories.flatMap(({ questions }) => questions.map(({ key }) => key)),
      )
    expect(keys({ query: '', onlyMissing: true })).toEqual(['a'])
    expect(keys({ query: 'title B', onlyMissing: false })).toEqual(['b'])
  })

  it('knows the languages of each answer', () => {
    const known = answeredIn([[row('a'), row('b', false)], [row('a', true, 'es')]])
    expect(known.get('a')).toEqual(['en', 'es'])
    expect(known.get('b')).toBeUndefined()
  })
})

it('reads steps and paragraphs as the help centre does', () => {
  expect(blocks('First.\n1. One\n2. Two\n\nLast.')).toEqual([
    { type: 'text', text: 'First.' },
    { type: 'steps', steps: ['One', 'Two'] },
    { type: 'text', text: 'Last.' },
  ])
})

it('writes a week in as few lines as it has kinds of days', () => {
  const day: [string, string][] = [['07:00', '01:00']]
  const week = { mon: day, tue: day, wed: day, thu: day, fri: day }
  const sunday: [string, string][] = [
    ['10:00', '12:00'],
    ['14:00', '16:00'],
  ]
  expect(weekInWords({ ...week, sun: sunday }, 'en')).toEqual([
    'Mon–Fri 07:00–01:00',
    'Sun 10:00–12:00, 14:00–16:00',
  ])
})
