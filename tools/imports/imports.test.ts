import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkoutFolder } from '../checkout.ts'
import { type Import, importsIn, modulesInCircles, readImports, readSources } from './imports.ts'

/**
 * Imports run one way (docs/decisions/017-rooms.md). People come in by app, programs by gateway, what is due by worker: all ask lib, which asks db. A room
 * may import itself and these.
 */
const mayImport: Record<string, readonly string[]> = {
  db: [],
  lib: ['db'],
  components: ['lib'],
  app: ['components', 'lib'],
  gateway: ['lib'],
  worker: ['lib', 'db'],
  tools: ['lib', 'db'],
  bench: ['gateway/testing', 'tools', 'lib', 'db'],
  e2e: ['app/_auth', 'gateway', 'worker', 'tools', 'lib', 'db'],
  docs: [],
  'beside the rooms': ['tools', 'e2e'],
}

/** What tests, and what is made for them, may import beside what their room may. */
const mayImportInTests: Record<string, readonly string[]> = {
  db: ['tools'],
  lib: ['tools', 'gateway/testing'],
  app: ['tools', 'db'],
  gateway: ['tools', 'db'],
  worker: ['tools'],
  docs: ['lib', 'e2e/fixtures'],
}

/** Files beside the rooms that belong to one of them. */
const loose: Record<string, string> = { 'proxy.ts': 'app', 'next.config.js': 'app' }

const isTest = (file: string) => /\.(test|spec)\.tsx?$/.test(file)
/** Made for tests, in rooms of the product: `test-keyring.ts`, and the whole kit of the gateway. */
const isKit = (file: string) => /(^|\/)test-[\w-]+\.ts$|^gateway\/testing\//.test(file)

const { rooms, files } = readSources(checkoutFolder)
const imports = readImports(checkoutFolder, files)

function roomOf(file: string): string {
  const [first = ''] = file.split('/')
  return loose[file] ?? (first === file ? 'beside the rooms' : first)
}

function isAllowed({ file, path }: Import): boolean {
  if (path === null) return true
  const room = roomOf(file)
  const inTests = isTest(file) || isKit(file) ? (mayImportInTests[room] ?? []) : []
  const allowed = [room, ...(mayImport[room] ?? []), ...inTests]
  return allowed.some((one) => roomOf(path) === one || path.startsWith(`${one}/`))
}

const words = ({ file, path, target }: Import) => `${file} imports ${path ?? target}`

test.each([
  [`import { a } from '#db/client.ts'`, false],
  [`import type { A } from '#db/client.ts'`, true],
  [`export type { A } from '#db/client.ts'`, true],
  // The file is loaded all the same: the compiler leaves `import {} from` standing (verbatimModuleSyntax).
  [`import { type A } from '#db/client.ts'`, false],
  [`import { type A, b } from '#db/client.ts'`, false],
  [`import a, {\n  type B,\n  c,\n} from "#db/client.ts"`, false],
  [`import * as a from '#db/client.ts'`, false],
  [`import '#db/client.ts'`, false],
  [`export * from '#db/client.ts'`, false],
  [`export { a } from '#db/client.ts'`, false],
  [`  const { a } = await import('#db/client.ts')`, false],
  [`export type A = { b: string }\nexport { c } from '#db/client.ts'`, false],
  [`export type { A }\nexport { c } from '#db/client.ts'`, false],
])('%s is an import, of types only: %s', (text, typesOnly) => {
  expect(importsIn(text)).toEqual([{ target: '#db/client.ts', typesOnly }])
})

test('a circle is found, however long, and what only leads to it or away from it is none', () => {
  const arrows = (...pairs: string[]) => pairs.map((pair) => ({ file: pair[0] ?? '', path: pair[1] ?? '' }))
  expect(modulesInCircles(arrows('ab', 'bc', 'cd'))).toEqual([])
  expect(modulesInCircles(arrows('ab', 'bc', 'cb', 'cd'))).toEqual(['b', 'c'])
  expect(modulesInCircles(arrows('ab', 'bc', 'cd', 'da', 'xa', 'dy'))).toEqual(['a', 'b', 'c', 'd'])
})

test('every room has its rule, and all of its code is read', () => {
  expect([...rooms, 'beside the rooms'].sort()).toEqual(Object.keys(mayImport).sort())
  expect(files).toEqual(
    expect.arrayContaining(['proxy.ts', 'vitest.config.ts', 'tools/bootstrap/main.mjs', 'app/layout.tsx']),
  )
})

describe.each(Object.entries(mayImport))('%s', (room, allowed) => {
  test(`imports nothing but itself, ${allowed.join(', ') || 'and no other room'}`, () => {
    const refused = imports.filter((one) => roomOf(one.file) === room && !isAllowed(one)).map(words)
    expect(refused).toEqual([])
  })
})

test('nothing that ships imports a test, or what is made for tests', () => {
  const product = ['app', 'components', 'lib', 'db', 'gateway', 'worker']
  const shipped = imports.filter(
    ({ file }) => product.includes(roomOf(file)) && !isTest(file) && !isKit(file),
  )
  expect(shipped.length).toBeGreaterThan(0)
  const isForTests = (path: string | null) => path !== null && (isTest(path) || isKit(path))
  expect(shipped.filter(({ path }) => isForTests(path)).map(words)).toEqual([])
})

test('no module needs itself', () => {
  expect(modulesInCircles(imports)).toEqual([])
})

/** From the folder of lib that imports to the one that is imported, by value: a type needs nothing to run. */
const betweenFoldersOfLib = () => {
  const folderOf = (path: string | null) => /^lib\/([^/]+)\//.exec(path ?? '')?.[1] ?? null
  return imports
    .filter((one) => !one.typesOnly && !isTest(one.file) && !isKit(one.file))
    .map(({ file, path }) => ({ file: folderOf(file), path: folderOf(path) }))
    .filter((arrow): arrow is { file: string; path: string } => arrow.file !== null && arrow.path !== null)
}

test('no folder of lib needs itself through others: what they share has a folder of its own', () => {
  const arrows = betweenFoldersOfLib()
  expect(arrows.length).toBeGreaterThan(100)
  expect(modulesInCircles(arrows)).toEqual([])
})

test('no import climbs three folders: it names the room', () => {
  expect(imports.filter(({ target }) => target.startsWith('../../../')).map(words)).toEqual([])
})

test('only pages, their components and what stands before them know Next', () => {
  const ofNext = imports.filter(({ target }) => /^(next|next-auth|server-only)(\/|$)/.test(target))
  expect(ofNext.map(({ file }) => roomOf(file))).toEqual(expect.arrayContaining(['app', 'components']))
  expect(ofNext.filter(({ file }) => !['app', 'components'].includes(roomOf(file))).map(words)).toEqual([])
})

test('components take only types from lib, and numbers of limits and units, whose files import nothing', () => {
  const fromLib = imports.filter(
    ({ file, path }) => roomOf(file) === 'components' && !isTest(file) && path?.startsWith('lib/'),
  )
  expect(fromLib.length).toBeGreaterThan(0)
  const hasNumbersOnly = (file: string | null) => /^lib\/.*\/(limits|units)\.ts$/.test(file ?? '')
  expect(fromLib.filter((one) => !one.typesOnly && !hasNumbersOnly(one.path)).map(words)).toEqual([])
  expect(imports.filter(({ file }) => hasNumbersOnly(file)).map(words)).toEqual([])
})

test('only app/_actions has files of server actions', () => {
  const actions = files.filter((file) =>
    /^['"]use server['"]/m.test(readFileSync(join(checkoutFolder, file), 'utf8')),
  )
  expect(actions.length).toBeGreaterThan(0)
  expect(actions.filter((file) => !file.startsWith('app/_actions/'))).toEqual([])
})
