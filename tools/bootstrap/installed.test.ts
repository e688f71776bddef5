import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isInstalled, recordInstallation } from './installed.mjs'

let root: string

type Locked = { version: string; optional?: true; os?: string[]; cpu?: string[] }

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'installed-'))
})
afterEach(() => rm(root, { recursive: true }))

async function lock(packages: Record<string, Locked>) {
  await writeFile(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }))
}

/** What npm leaves behind at the end of an installation. */
async function install(packages: Record<string, Locked>) {
  for (const folder of Object.keys(packages)) {
    await mkdir(join(root, folder), { recursive: true })
    await writeFile(join(root, folder, 'package.json'), '{}')
  }
  await writeFile(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }))
}

const one = { 'node_modules/one': { version: '1.0.0' } }

test('a clean clone is not installed', async () => {
  await lock(one)
  expect(isInstalled(root)).toBe(false)
})

test('an installation that was stopped half-way does not count', async () => {
  await lock(one)
  await mkdir(join(root, 'node_modules', 'one'), { recursive: true })
  expect(isInstalled(root)).toBe(false)
})

test('an installation by hand counts', async () => {
  await lock(one)
  await install(one)
  expect(isInstalled(root)).toBe(true)
})

test('packages for other machines may be missing, those for this one may not', async () => {
  const here: Locked = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] }
  const elsewhere: Locked = { ...here, os: ['aix'] }
  await install(one)
  await lock({ ...one, 'node_modules/elsewhere': elsewhere })
  expect(isInstalled(root)).toBe(true)
  await lock({ ...one, 'node_modules/here': here })
  expect(isInstalled(root)).toBe(false)
})

test('a changed package-lock.json asks for another installation', async () => {
  await lock(one)
  await install(one)
  recordInstallation(root)
  expect(isInstalled(root)).toBe(true)
  await lock({ 'node_modules/one': { version: '1.0.1' } })
  expect(isInstalled(root)).toBe(false)
})

test('a package that somebody removed is missed', async () => {
  await lock(one)
  await install(one)
  recordInstallation(root)
  await rm(join(root, 'node_modules', 'one'), { recursive: true })
  expect(isInstalled(root)).toBe(false)
})
