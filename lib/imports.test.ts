import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Imports run one way: the doors ask the domain, the domain asks the database. */
const mayImport: Record<string, readonly string[]> = {
  app: ['app', 'components', 'lib'],
  gateway: ['gateway', 'lib'],
  worker: ['worker', 'lib', 'db'],
  components: ['components', 'lib'],
  lib: ['lib', 'db'],
  db: ['db'],
}

/** Files beside the folders that belong to one of them. */
const loose: Record<string, readonly string[]> = { app: ['proxy.ts'] }

/** The gateway's process prunes until the worker does. */
const exceptions = ['gateway/main.ts worker/prune-usage.ts']

type Import = { file: string; from: string; to: string; path: string; typesOnly: boolean }

const isTest = /\.test\.tsx?$|\/test-[\w-]+\.ts$|^gateway\/testing\//
/** Names, `* as name`, a list in braces: what may stand between `import` and `from`. */
const clause = /(?:[\w$*,\s]*(?:\{[^{}]*\})?\s*from\s*)?/.source
const statement = new RegExp(
  `^(?:import|export)\\b\\s*(type\\s)?\\s*${clause}['"]([^'"]+)['"]|\\bimport\\(\\s*['"\`]([^'"\`]+)['"\`]`,
  'gm',
)

function importsIn(text: string): { target: string; typesOnly: boolean }[] {
  return [...text.matchAll(statement)].map(([, type, named, loaded]) => ({
    target: named ?? loaded ?? '',
    typesOnly: Boolean(type),
  }))
}

function importsOf(folder: string): Import[] {
  return [...globSync(`${folder}/**/*.{ts,tsx,mjs}`, { cwd: root }), ...(loose[folder] ?? [])]
    .filter((file) => !isTest.test(file))
    .flatMap((file) =>
      importsIn(readFileSync(join(root, file), 'utf8')).flatMap(({ target, typesOnly }) => {
        const path = target.startsWith('#')
          ? target.slice(1)
          : target.startsWith('.')
            ? relative(root, join(root, dirname(file), target))
            : undefined
        const [to] = path?.split('/') ?? []
        return path && to ? [{ file, from: folder, to, path, typesOnly }] : []
      }),
    )
}

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

describe.each(Object.entries(mayImport))('%s', (folder, allowed) => {
  const imports = importsOf(folder)

  test(`imports nothing but ${allowed.join(', ')}`, () => {
    expect(imports.length).toBeGreaterThan(0)
    expect(
      imports.filter(
        ({ file, path, to }) => !allowed.includes(to) && !exceptions.includes(`${file} ${path}`),
      ),
    ).toEqual([])
  })
})

test('what is read of app is also what stands before it', () => {
  expect(importsOf('app').map(({ file }) => file)).toContain('proxy.ts')
})

test('what is read of tools is also its JavaScript', () => {
  expect(importsOf('tools').map(({ file }) => file)).toContain('tools/bootstrap/main.mjs')
})

test('components take only types from lib, and numbers of the files of limits, which import nothing', () => {
  const fromLib = importsOf('components').filter(({ to }) => to === 'lib')
  expect(fromLib.length).toBeGreaterThan(0)
  const isOfLimits = ({ path }: Import) => path.endsWith('/limits.ts')
  expect(fromLib.filter((one) => !one.typesOnly && !isOfLimits(one))).toEqual([])
  const limits = globSync('lib/**/limits.ts', { cwd: root })
  expect(limits.flatMap((file) => importsIn(readFileSync(join(root, file), 'utf8')))).toEqual([])
})

test('only app/_actions has files of server actions', () => {
  const files = globSync('{proxy.ts,{app,components,lib,gateway,db}/**/*.{ts,tsx,mjs}}', { cwd: root })
  const actions = files.filter((file) => /^['"]use server['"]/m.test(readFileSync(join(root, file), 'utf8')))
  expect(actions.length).toBeGreaterThan(0)
  expect(actions.filter((file) => !file.startsWith('app/_actions/'))).toEqual([])
})
