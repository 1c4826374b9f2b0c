import { language as interfaceLanguage, t } from '../../core/i18n.ts'
import { path } from '../../desk/routes.ts'
import { api } from '../../desk/session.ts'
import { Empty } from '../../ui/states.tsx'
import { useLoaded, Wait } from '../loaded.tsx'
import { Page } from '../page.tsx'
import type { Confused } from './types.ts'

/** Questions that are taken for one another: their words should be told apart. */
export function ConfusedPage() {
  const query = { lang: interfaceLanguage.value }
  const pairs = useLoaded(`confused ${interfaceLanguage.value}`, () =>
    api.get<{ pairs: Confused[] }>('/api/v1/admin/help/confused', { query }),
  )
  return (
    <Page title={t('admin.confused.title')} lead={t('admin.confused.lead')}>
      <Wait of={pairs} label={t('admin.confused.title')} lines={8}>
        {({ pairs }) =>
          pairs.length === 0 ? (
            <Empty icon="check" title={t('admin.confused.empty')} />
          ) : (
            <section>
              <Table pairs={pairs} />
              <p class="muted small report-note">{t('admin.confused.note')}</p>
            </section>
          )
        }
      </Wait>
    </Page>
  )
}

function Table({ pairs }: { pairs: Confused[] }) {
  return (
    <table class="table">
      <thead>
        <tr>
          <th scope="col">{t('admin.confused.asked')}</th>
          <th scope="col">{t('admin.confused.found')}</th>
          <th scope="col">{t('admin.confused.examples')}</th>
          <th scope="col">{t('admin.confused.instead')}</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <tr key={`${pair.asked.key} ${pair.found.key}`}>
            <th scope="row">
              <Question of={pair.asked} />
            </th>
            <td data-label={t('admin.confused.found')}>
              <Question of={pair.found} />
            </td>
            <td data-label={t('admin.confused.examples')}>
              <span class="tabular">{pair.count}</span>
              <ul class="wordings muted small">
                {pair.texts.map((text) => (
                  <li key={text} dir="auto">
                    {text}
                  </li>
                ))}
              </ul>
            </td>
            <td data-label={t('admin.confused.instead')} class="tabular">
              {pair.instead}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Question({ of: { key, title } }: { of: Confused['asked'] }) {
  return (
    <a
      href={path({ app: 'admin', page: 'content', language: interfaceLanguage.value, key })}
      dir="auto"
    >
      {title}
    </a>
  )
}
