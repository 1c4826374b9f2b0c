import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { catalogues } from './build/catalogues.ts'

const here = import.meta.dirname

/** One app, or all of them: the panel is built alone, so that what it shares is in its own files. */
const apps = process.env.AMPARO_APPS?.split(',') ?? ['panel', 'desk', 'seller']
const pages = apps.map((name) => resolve(here, name, 'index.html')).filter(existsSync)

/** What the panel's first view is made of: one file instead of a request for each piece. */
const FIRST_VIEW = new RegExp(
  [
    'node_modules/@?preact|preload-helper',
    '/core/(api|i18n|icu|moment|session|storage)\\.ts',
    '/ui/(accent|base|tokens|button|composer|icon|mark|states|text)\\.\\w+$',
    '/panel/\\w+\\.(tsx|css)$',
    '/panel/(bridge|drafts|hours|router|state)\\.ts$',
  ].join('|'),
)

/** Small things that several views share: each file of its own would cost the first view a name. */
const PARTS = new RegExp(
  [
    '/core/(ids|language_name|time|money)\\.ts$',
    '/ui/(badge|dialog|more_icons)\\.\\w+$',
    '/panel/resource\\.ts$',
    '/panel/views/(attach|beside|body|pictures|person_foot|views|lists|menu)\\.\\w+$',
    '/panel/views/conversation\\.css$',
    '/ui/(menu|message|quote|receipt|typing)\\.css$',
  ].join('|'),
)

/** What a conversation is made of, in files that are small each and come together. */
const LIVE = /\/core\/(conversation|courier|fold|live|outbox|shared_outbox|signs|thread)\.ts$/
const PIECES =
  /\/ui\/(linked|links|menu|message|quote|reading|receipt|roving|typing)\.tsx?$|\/views\/(between|countdown|sticky_end|talk)\.tsx?$/
const panel = {
  codeSplitting: {
    groups: [
      { name: 'first', test: FIRST_VIEW },
      { name: 'parts', test: PARTS },
      { name: 'live', test: LIVE },
      { name: 'pieces', test: PIECES },
    ],
  },
  // The first view lists the files that may follow: two letters less of each.
  chunkFileNames: 'assets/[name]-[hash:6].js',
  assetFileNames: 'assets/[name]-[hash:6][extname]',
}

/**
 * What every page of the desk is made of, in one file: style sheets that came before the tokens
 * would make the first of the layers, and the order of the layers decides who is heard.
 */
const desk = {
  codeSplitting: {
    groups: [{ name: 'shared', test: /\/(ui\/(?!case\/)|core\/(?!case[s_]))|node_modules/ }],
  },
}

export default defineConfig({
  root: here,
  appType: 'mpa',
  publicDir: false,
  plugins: [catalogues()],
  // Catalogues as one JSON string: smaller and faster to start than an object per export.
  json: { stringify: true, namedExports: false },
  build: {
    outDir: resolve(here, '../amparo/server/static'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 2048,
    rolldownOptions: { input: pages, output: apps.join() === 'panel' ? panel : desk },
  },
  server: {
    port: 5173,
    proxy: { '/api': { target: 'http://localhost:8420', ws: true } },
  },
  test: {
    environment: 'happy-dom',
    environmentOptions: { happyDOM: { settings: { disableIframePageLoading: true } } },
    include: ['**/*.test.{ts,tsx}'],
    exclude: ['node_modules/**'],
    restoreMocks: true,
  },
})
