import { addIcons } from './icon.tsx'

addIcons({
  down: 'M5 9l7 7 7-7',
  mail: 'M4 6h16v12H4zM4 7l8 6 8-6',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.5l3 2',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4',
  store: 'M4 9l1.5-5h13L20 9M5 9v11h14V9M4 9h16M10 20v-6h4v6',
  scale: 'M12 4v16M7 20h10M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z',
  note: 'M5 4h14v11l-5 5H5zM14 20v-5h5',
  open: 'M13 5h6v6M19 5l-8 8M10 6H5v13h13v-5',
})
