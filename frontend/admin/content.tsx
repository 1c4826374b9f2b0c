import { type Signal, useSignal } from '@preact/signals'
import { language as interfaceLanguage, languageName, t } from '../core/i18n.ts'
import type { PanelStart, Topic } from '../core/types.ts'
import { go, path } from '../desk/routes.ts'
import { api } from '../desk/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Empty } from '../ui/states.tsx'
import { EditorView } from './editor-view.tsx'
import { useLoaded, Wait } from './loaded.tsx'
import {
  answeredIn,
  CONTENT_LANGUAGES,
  countOf,
  type Filter,
  type Group,
  grouped,
  SOURCE,
  STATES,
  type State,
} from './questions.ts'
import type { Overview, TextRow } from './types.ts'

interface Library {
  topics: Topic[]
  /** Rows by language. */
  rows: Map<string, TextRow[]>
  answered: Map<string, string[]>
}

async function fetchLibrary(): Promise<Library> {
  const [lists, topics] = await Promise.all([
    Promise.all(
      CONTENT_LANGUAGES.map(async (lang) => {
        const query = { lang }
        return (await api.get<{ items: TextRow[] }>('/api/v1/admin/questions', { query })).items
      }),
    ),
    fetchTopics(),
  ])
  const rows = new Map(CONTENT_LANGUAGES.map((lang, index) => [lang as string, lists[index]!]))
  return { topics, rows, answered: answeredIn(lists) }
}

/** The tree of the guide. Without a site there is none yet: the questions are a flat list then. */
async function fetchTopics(): Promise<Topic[]> {
  const { sites } = await api.get<Overview>('/api/v1/admin/overview')
  if (!sites[0]) return []
  const query = { site: sites[0].key, lang: interfaceLanguage.peek() }
  return (await api.get<PanelStart>('/api/v1/panel/start', { query })).topics
}

/** Topics, categories, questions on one side, the answer on the other. */
export function Content({ language, id }: { language: string | null; id: string | null }) {
  const library = useLoaded(interfaceLanguage.value, fetchLibrary)
  const chosen = language ?? firstLanguage()
  const query = useSignal('')
  const state = useSignal<State>('all')
  const updated = (text: TextRow) => {
    const known = library.data.peek()
    if (known) library.data.value = withRow(known, text)
    // Other words in the source make the texts in other languages stale.
    if (text.language === SOURCE) library.again()
  }
  return (
    <main class="content" data-shown={id ? 'editor' : 'list'}>
      <h1 class="visually-hidden">{t('admin.content.title')}</h1>
      <section class="question-list" aria-label={t('admin.content.title')}>
        <header>
          <p class="list-title" aria-hidden="true">
            {t('admin.content.title')}
          </p>
          <p class="muted">{t('admin.content.lead')}</p>
          <Tools
            chosen={chosen}
            id={id}
            query={query}
            state={state}
            rows={library.data.value?.rows.get(chosen) ?? []}
          />
        </header>
        <Wait of={library} label={t('admin.content.title')} lines={8}>
          {(data) => (
            <Groups
              data={data}
              chosen={chosen}
              id={id}
              filter={{ query: query.value, state: state.value }}
            />
          )}
        </Wait>
      </section>
      {id ? (
        <EditorView key={`${chosen}/${id}`} id={id} language={chosen} onSaved={updated} />
      ) : (
        <section class="editor none">
          <Empty icon="book" title={t('admin.content.choose')}>
            {t('admin.content.choose_hint')}
          </Empty>
        </section>
      )}
    </main>
  )
}

function firstLanguage(): string {
  return CONTENT_LANGUAGES.find((tag) => tag === interfaceLanguage.value) ?? 'en'
}

function withRow(library: Library, text: TextRow): Library {
  const rows = new Map(library.rows)
  const list = (rows.get(text.language) ?? []).map((row) => (row.key === text.key ? text : row))
  rows.set(text.language, list)
  return { ...library, rows, answered: answeredIn([...rows.values()]) }
}

interface ToolsProps {
  chosen: string
  id: string | null
  query: Signal<string>
  state: Signal<State>
  rows: TextRow[]
}

function Tools({ chosen, id, query, state, rows }: ToolsProps) {
  return (
    <div class="content-tools">
      <label class="tool">
        <span>{t('admin.content.language')}</span>
        <select
          class="field"
          value={chosen}
          onChange={(event) =>
            go({ app: 'admin', page: 'content', language: event.currentTarget.value, key: id })
          }
        >
          {CONTENT_LANGUAGES.map((tag) => (
            <option key={tag} value={tag} lang={tag}>
              {languageName(tag)}
            </option>
          ))}
        </select>
      </label>
      <label class="tool grow">
        <span>{t('admin.content.filter')}</span>
        <input
          class="field"
          type="search"
          value={query.value}
          onInput={(event) => {
            query.value = event.currentTarget.value
          }}
        />
      </label>
      <label class="tool">
        <span>{t('admin.content.show')}</span>
        <select
          class="field"
          value={state.value}
          onChange={(event) => {
            state.value = event.currentTarget.value as State
          }}
        >
          {STATES.map((name) => (
            <option key={name} value={name}>
              {t(`admin.content.state.${name}`)} ({countOf(rows, name)})
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

interface GroupsProps {
  data: Library
  chosen: string
  id: string | null
  filter: Filter
}

function Groups({ data, chosen, id, filter }: GroupsProps) {
  const rows = data.rows.get(chosen) ?? []
  const groups = grouped(rows, data.topics, filter)
  if (rows.length === 0) return <Empty title={t('admin.content.empty')} />
  if (groups.length === 0) return <Empty title={t('admin.content.none')} />
  const answered = rows.filter((row) => row.answered).length
  return (
    <>
      <p class="muted small tabular">
        {t('admin.content.answered', { n: answered, all: rows.length })}
      </p>
      {groups.map((group) => (
        <TopicGroup key={group.topic.key} group={group} data={data} chosen={chosen} id={id} />
      ))}
    </>
  )
}

function TopicGroup(props: { group: Group } & Omit<GroupsProps, 'filter'>) {
  const { group, data, chosen, id } = props
  return (
    <section class="topic">
      {group.topic.title && (
        <h2>
          <bdi>{group.topic.title}</bdi>
        </h2>
      )}
      {group.categories.map(({ category, questions }) => (
        <div key={category.key}>
          {category.title && (
            <h3>
              <bdi>{category.title}</bdi>
            </h3>
          )}
          <ul>
            {questions.map((row) => (
              <li key={row.key}>
                <a
                  class="question"
                  href={path({ app: 'admin', page: 'content', language: chosen, key: row.key })}
                  aria-current={row.key === id ? 'true' : undefined}
                >
                  <span class="question-title" lang={row.language}>
                    <bdi>{row.title || row.key}</bdi>
                  </span>
                  <span class="question-marks">
                    {row.stale && <Badge kind="warning">{t('admin.content.stale')}</Badge>}
                    {row.drafted && <Badge kind="note">{t('admin.content.drafted')}</Badge>}
                    {row.answered && !row.reviewed && (
                      <Badge>{t('admin.content.unreviewed')}</Badge>
                    )}
                    {row.edited && <Badge kind="accent">{t('admin.content.edited')}</Badge>}
                    <Answered row={row} languages={data.answered.get(row.key) ?? []} />
                  </span>
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

function Answered({ row, languages }: { row: TextRow; languages: string[] }) {
  const reader = interfaceLanguage.value
  const names = languages.map((tag) => languageName(tag, reader)).join(', ')
  return (
    <>
      {!row.answered && (
        <Badge>
          {t('admin.content.missing', { language: languageName(row.language, reader) })}
        </Badge>
      )}
      <span class="question-languages" title={t('admin.content.has', { languages: names })}>
        <span class="visually-hidden">{t('admin.content.has', { languages: names })}</span>
        <span aria-hidden="true">{languages.join(' ')}</span>
      </span>
    </>
  )
}
