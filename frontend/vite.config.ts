import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'
import { pseudo } from './build/pseudo.ts'

const here = import.meta.dirname
const pages = ['panel', 'desk', 'seller', 'admin']
  .map((name) => resolve(here, name, 'index.html'))
  .filter(existsSync)

/** `import('./locales/en.json?pseudo')` gives the right-to-left pseudo-language made from it. */
function pseudoLocale(): Plugin {
  return {
    name: 'pseudo-locale',
    enforce: 'pre',
    load(id) {
      if (!id.endsWith('.json?pseudo')) return
      const texts = JSON.parse(readFileSync(id.replace('?pseudo', ''), 'utf8'))
      return { code: `export default ${JSON.stringify(pseudo(texts))}`, moduleType: 'js' }
    },
  }
}

export default defineConfig({
  root: here,
  appType: 'mpa',
  publicDir: false,
  plugins: [pseudoLocale()],
  // Catalogues as one JSON string: smaller and faster to start than an object per export.
  json: { stringify: true, namedExports: false },
  build: {
    outDir: resolve(here, '../amparo/server/static'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 2048,
    rolldownOptions: { input: pages },
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: 'http://localhost:8420', ws: true } },
  },
  test: {
    environment: 'happy-dom',
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['node_modules/**'],
    restoreMocks: true,
  },
})
