import { beforeEach, describe, expect, it } from 'vitest'
import { Api } from '../core/api.ts'
import { sessionStore } from '../core/storage.ts'
import type { Topic } from '../core/types.ts'
import { Editor } from './editor.ts'
import {
  answeredIn,
  blocks,
  countOf,
  type Filter,
  grouped,
  STATES,
  type State,
} from './questions.ts'
import type { TextRow } from './types.ts'
import { weekInWords } from './week.ts'

const STATE = {
  language: 'en',
  title: '',
  version: 1,
  edited: false,
  updated_at: '',
  made_from: null,
  source_version: null,
  stale: false,
  reviewed: true,
}

/** A server with one answer, and If-Match as the real one has it. */
class Server {
  version = 1
  title = 'Where is my parcel?'
  body = 'Open My orders.'
  draft: { title: string; body: string } | null = null
  down = false

  readonly fetch = async (url: unknown, init?: RequestInit): Promise<Response> => {
    if (this.down) throw new TypeError('network')
    if (init?.method === 'PUT') {
      const match = new Headers(init.headers).get('If-Match')
      if (match !== `"${this.version}"`)
        return this.answer(412, { code: 'changed', title: 'Changed' })
      const words = JSON.parse(String(init.body))
      if (String(url instanceof Request ? url.url : url).endsWith('/draft')) this.keep(words)
      else this.change(words)
    }
    return this.answer(200, this.text)
  }

  change({ title = this.title, body = this.body }: { title?: string; body?: string }): void {
    Object.assign(this, { title, body, draft: null })
    this.version++
  }

  private keep({ title, body }: { title: string; body: string }): void {
    this.draft = { title, body }
    this.version++
  }

  private get text() {
    const { version, title, body, draft } = this
    return { ...STATE, key: 'k', version, title, body, draft, edited: version > 1 }
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
    expect(await teo.publish()).toBe(true)
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
    expect(await teo.publish()).toBe(false)
    expect(teo.error.value?.code).toBe('offline')
    expect(teo.body.value).toBe('new')
    server.down = false
    expect(await teo.publish()).toBe(true)
  })

  it('does not save an empty answer', async () => {
    const teo = await open()
    teo.write('body', '  ')
    expect(await teo.publish()).toBe(false)
    expect(teo.error.value?.code).toBe('empty')
    expect(server.version).toBe(1)
  })
})

describe('a draft', () => {
  it('is kept by the server, and is what one goes on with', async () => {
    const teo = await open()
    teo.write('body', 'Half an answer')
    expect(await teo.saveDraft()).toBe(true)
    expect(server.body).toBe('Open My orders.')
    expect(teo.changed.value).toBe(false)
    expect(teo.unpublished.value).toBe(true)
    const later = await open()
    expect(later.body.value).toBe('Half an answer')
    expect(await later.publish()).toBe(true)
    expect(server.body).toBe('Half an answer')
    expect(later.unpublished.value).toBe(false)
  })
})

describe('two people edit the same answer', () => {
  const collide = async () => {
    const teo = await open()
    teo.write('body', 'mine')
    server.change({ body: 'theirs' })
    expect(await teo.publish()).toBe(false)
    expect(teo.conflict.value?.body).toBe('theirs')
    expect(teo.body.value).toBe('mine')
    return teo
  }

  it('nothing is overwritten before somebody decided', async () => {
    await collide()
    expect(server.body).toBe('theirs')
  })

  it('nobody is asked when the other one said the same', async () => {
    const teo = await open()
    teo.write('body', 'the same words')
    server.change({ body: 'the same words' })
    await teo.publish()
    expect(teo.conflict.value).toBeNull()
    expect(teo.error.value).toBeNull()
    expect(teo.changed.value).toBe(false)
  })

  it('mine can go on top of theirs', async () => {
    const teo = await collide()
    teo.settle('mine')
    expect(teo.body.value).toBe('mine')
    expect(await teo.publish()).toBe(true)
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
    expect(await after.publish()).toBe(false)
    expect(after.conflict.value?.body).toBe('theirs')
  })
})

describe('the list of questions', () => {
  const row = (key: string, answered = true, language = 'en'): TextRow => {
    return { ...STATE, key, language, title: `Title ${key}`, answered, drafted: false }
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
  const all: Filter = { query: '', state: 'all' }

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
    const keys = (filter: Filter) =>
      grouped(rows, topics, filter).flatMap(({ categories }) =>
        categories.flatMap(({ questions }) => questions.map(({ key }) => key)),
      )
    expect(keys({ query: '', state: 'missing' })).toEqual(['a'])
    expect(keys({ query: 'title B', state: 'all' })).toEqual(['b'])
  })

  it('can show what somebody should look at', () => {
    const rows = [
      { ...row('a'), stale: true },
      { ...row('b'), drafted: true },
      { ...row('c'), reviewed: false },
      { ...row('d', false), reviewed: false },
    ]
    const keys = (state: State) =>
      grouped(rows, [], { query: '', state }).flatMap(({ categories }) =>
        categories.flatMap(({ questions }) => questions.map(({ key }) => key)),
      )
    expect([keys('stale'), keys('drafted'), keys('unreviewed')]).toEqual([['a'], ['b'], ['c']])
    expect(STATES.map((state) => countOf(rows, state))).toEqual([4, 1, 1, 1, 1])
  })

  it('knows the languages of each answer', () => {
    const known = answeredIn([[row('a'), row('b', false)], [row('a', true, 'es')]])
    expect(known.get('a')).toEqual(['en', 'es'])
    expect(known.get('b')).toBeUndefined()
  })
})

it('reads steps and paragraphs as the help centre does', () => {
  expect(blocks('First.\n1. One\n2. Two\n\n[video](https://v.example/1)\nLast.')).toEqual([
    { type: 'text', text: 'First.' },
    { type: 'steps', steps: ['One', 'Two'] },
    { type: 'video', address: 'https://v.example/1' },
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
