import { addIcons } from '../ui/icon.tsx'

addIcons({ picture: 'M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.500-2.500L20 18M15.500 9.500h.01' })
