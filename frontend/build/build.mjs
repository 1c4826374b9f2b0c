// The whole front end into amparo/server/static: the apps with hashed files, the loader under its
// stable name, and .br/.gz twins of every text file. Built beside the old one and swapped at the
// end, so a running server never sees half a build.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '..')
const target = resolve(root, process.argv[2] ?? '../amparo/server/static')
const fresh = `${target}.new`
const old = `${target}.old`

rmSync(fresh, { recursive: true, force: true })
// App by app: chunks shared between apps would cost the panel's first view several requests.
for (const app of ['panel', 'desk', 'seller']) {
  if (!existsSync(join(root, app, 'index.html'))) continue
  process.env.AMPARO_APPS = app
  await build({ root, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: false } })
}
await build({
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    outDir: fresh,
    emptyOutDir: false,
    target: 'es2020',
    rolldownOptions: {
      input: resolve(root, 'loader/widget.ts'),
      output: { format: 'iife', entryFileNames: 'widget.js' },
    },
  },
})
compress(fresh)
rmSync(old, { recursive: true, force: true })
if (existsSync(target)) renameSync(target, old)
renameSync(fresh, target)
rmSync(old, { recursive: true, force: true })

function compress(folder) {
  const text = new Set(['.js', '.css', '.html', '.svg', '.json', '.map', '.txt'])
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !text.has(extname(entry.name))) continue
    const path = join(entry.parentPath, entry.name)
    const body = readFileSync(path)
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11 }
    writeFileSync(`${path}.br`, brotliCompressSync(body, { params }))
    writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }))
  }
}
