// On its own, as `lazy.ts`.
export { Picture } from './shown.tsx'
