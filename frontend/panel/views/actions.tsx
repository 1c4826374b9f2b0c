import { lazy } from '../lazy.tsx'

/** Buttons under an answer; with an order at hand most of them do it right there. */
export const Actions = lazy(() => import('../../quick/actions.tsx'), 'QuickActions', true)
