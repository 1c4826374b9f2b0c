import { has, language, languageName, t } from '../core/i18n.ts'
import { moment } from '../core/time.ts'
import { api } from '../desk/session.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { toast } from '../ui/toast.tsx'
import { useLoaded, Wait } from './loaded.tsx'
import { Page } from './page.tsx'
import type { Overview, TeamRow } from './types.ts'
import { weekInWords } from './week.ts'

export function OverviewPage() {
  const overview = useLoaded('overview', () => api.get<Overview>('/api/v1/admin/overview'))
  return (
    <Page title={t('admin.overview.title')} lead={t('admin.overview.lead')}>
      <Wait of={overview} label={t('admin.overview.title')}>
        {(data) => (
          <>
            <Counts counts={data.counts} />
            <Sites sites={data.sites} />
            <Teams teams={data.teams} />
            <Staff staff={data.staff} />
          </>
        )}
      </Wait>
    </Page>
  )
}

function Counts({ counts }: { counts: Record<string, number> }) {
  const known = Object.entries(counts).filter(([name]) => has(`admin.count.${name}`))
  return (
    <section>
      <h2>{t('admin.overview.counts')}</h2>
      <dl class="counts">
        {known.map(([name, n]) => (
          <div key={name}>
            <dt>{t(`admin.count.${name}`)}</dt>
            <dd class="tabular">{new Intl.NumberFormat(language.value).format(n)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Sites({ sites }: { sites: Overview['sites'] }) {
  return (
    <section>
      <h2>{t('admin.overview.sites')}</h2>
      {sites.length === 0 && <p class="muted">{t('admin.overview.sites_none')}</p>}
      {sites.map((site) => (
        <article key={site.key} class="site">
          <h3 dir="auto">{site.name}</h3>
          <dl class="facts">
            <div>
              <dt>{t('admin.overview.key')}</dt>
              <dd>
                <code>{site.key}</code>
              </dd>
            </div>
            <div>
              <dt>{t('admin.overview.origins')}</dt>
              <dd>
                {site.origins.map((origin) => (
                  <code key={origin}>{origin}</code>
                ))}
              </dd>
            </div>
            <div>
              <dt>{t('admin.overview.languages')}</dt>
              <dd>{names(site.languages)}</dd>
            </div>
            <div>
              <dt>{t('admin.overview.tag')}</dt>
              <dd class="tag">
                <code>{tag(site.key)}</code>
                <Button small onClick={() => void copy(tag(site.key))}>
                  {t('admin.overview.copy')}
                </Button>
              </dd>
            </div>
          </dl>
        </article>
      ))}
    </section>
  )
}

function tag(key: string): string {
  return `<script async src="${location.origin}/widget.js" data-site="${key}"></script>`
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast(t('admin.overview.copied'))
  } catch {
    toast(t('admin.overview.copy_failed'))
  }
}

function names(tags: readonly string[]): string {
  const known = tags.map((one) => languageName(one, language.value))
  return new Intl.ListFormat(language.value, { type: 'unit', style: 'short' }).format(known)
}

function Teams({ teams }: { teams: TeamRow[] }) {
  return (
    <section>
      <h2>{t('admin.overview.teams')}</h2>
      {teams.length === 0 && <p class="muted">{t('admin.overview.teams_none')}</p>}
      {teams.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('admin.overview.team')}</th>
              <th scope="col">{t('admin.content.language')}</th>
              <th scope="col">{t('admin.overview.hours')}</th>
              <th scope="col">{t('admin.overview.now')}</th>
            </tr>
          </thead>
          <tbody>
            {teams.map((team) => (
              <TeamLine key={team.team} team={team} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function TeamLine({ team }: { team: TeamRow }) {
  return (
    <tr>
      <th scope="row">
        <bdi>{team.team}</bdi>
      </th>
      <td data-label={t('admin.content.language')}>
        {languageName(team.language, language.value)}
        {team.fallback && <div class="muted">{t('admin.overview.fallback')}</div>}
      </td>
      <td data-label={t('admin.overview.hours')} class="tabular">
        <Hours team={team} />
      </td>
      <td data-label={t('admin.overview.now')}>
        <Badge kind={team.open ? 'success' : 'neutral'}>{openNow(team)}</Badge>
      </td>
    </tr>
  )
}

function Hours({ team }: { team: TeamRow }) {
  if (team.always) return <>{t('admin.overview.always')}</>
  return (
    <>
      {weekInWords(team.week, language.value).map((line) => (
        <div key={line}>{line}</div>
      ))}
      <div class="muted">{team.zone}</div>
    </>
  )
}

function openNow({ open, opens_at, closes_at }: TeamRow): string {
  if (open)
    return closes_at
      ? t('admin.overview.open_until', { time: moment(closes_at) })
      : t('admin.overview.open')
  return opens_at
    ? t('admin.overview.opens', { time: moment(opens_at) })
    : t('admin.overview.closed')
}

function Staff({ staff }: { staff: Overview['staff'] }) {
  return (
    <section>
      <h2>{t('admin.overview.staff')}</h2>
      {staff.length === 0 && <p class="muted">{t('admin.overview.staff_none')}</p>}
      {staff.length > 0 && (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{t('admin.overview.person')}</th>
              <th scope="col">{t('admin.overview.role')}</th>
              <th scope="col">{t('admin.overview.email')}</th>
              <th scope="col">{t('admin.overview.languages')}</th>
            </tr>
          </thead>
          <tbody>
            {staff.map((person) => (
              <tr key={person.id}>
                <th scope="row" dir="auto">
                  {person.name}
                </th>
                <td data-label={t('admin.overview.role')}>
                  {t(`admin.overview.role.${person.role}`)}{' '}
                  {person.disabled && <Badge>{t('admin.overview.disabled')}</Badge>}
                </td>
                <td data-label={t('admin.overview.email')}>{person.email}</td>
                <td data-label={t('admin.overview.languages')}>{names(person.languages)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
