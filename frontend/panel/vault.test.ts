import { beforeEach, describe, expect, it, vi } from 'vitest'
import { memory, sessionStore } from '../core/storage.ts'
import { openVault } from './vault.ts'

const told: string[] = []
const keep = (sealed: string) => told.push(sealed)

let cookies = ''

beforeEach(() => {
  cookies = ''
  told.length = 0
  memory.entries.clear()
  memory.changed = () => {}
  Object.defineProperty(document, 'cookie', {
    configurable: true,
    get: () => cookies,
    set: (text: string) => {
      cookies = text.split(';')[0]!
    },
  })
})

async function kept(): Promise<string> {
  await vi.waitFor(() => expect(told.length).toBeGreaterThan(0))
  return told[told.length - 1]!
}

async function write(): Promise<string> {
  await openVault(null, keep)
  const store = sessionStore('panel.', null)
  store.set('session', { token: 'secret' })
  store.set('draft', 'where is my parcel')
  return kept()
}

describe('what the panel remembers without storage of its own', () => {
  it('is there again on the next page', async () => {
    const sealed = await write()
    memory.entries.clear()
    await openVault(sealed, keep)
    expect(sessionStore('panel.', null).get('draft')).toBe('where is my parcel')
  })

  it('cannot be read by the site that keeps it', async () => {
    const sealed = await write()
    expect(sealed).not.toContain('secret')
    expect(atob(sealed.split('.')[1]!)).not.toContain('secret')
  })

  it('is forgotten without the key, and when somebody changed it', async () => {
    const sealed = await write()
    memory.entries.clear()
    await openVault(sealed.replace(/.{4}$/, 'AAAA'), keep)
    cookies = ''
    await openVault(sealed, keep)
    expect(memory.entries.size).toBe(0)
  })

  it('is sealed once for several changes', async () => {
    await write()
    expect(told).toHaveLength(1)
  })
})
