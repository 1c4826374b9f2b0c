import type { AdminPage } from '../../desk/routes.ts'
import { MacrosPage } from './macros.tsx'
import { OperatorsPage } from './operators.tsx'
import './settings.css'
import { SlaPage } from './sla.tsx'
import { TeamsPage } from './teams.tsx'

/** How the desk works: teams, people, macros, promises. */
export default function Settings({ page }: { page: AdminPage }) {
  switch (page) {
    case 'teams':
      return <TeamsPage />
    case 'operators':
      return <OperatorsPage />
    case 'macros':
      return <MacrosPage />
    case 'sla':
      return <SlaPage />
    default:
      return null
  }
}
