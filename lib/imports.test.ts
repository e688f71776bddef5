import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Imports run one way: the doors ask the domain, the domain asks the database. */
const mayImport: Record<string, readonly string[]> = {
  app: ['app', 'components', 'lib'],
  gateway: ['gateway', 'lib'],
  components: ['components', 'lib'],
  lib: ['lib', 'db'],
  db: ['db'],
}

type Import = { file: string; from: string; to: string; typesOnly: boolean }

const isTest = /(\.test\.tsx?$)|(^db\/embedded\/test-)/
const statement =
  /^(?:import|export)\s+(type\s)?[^'"]*?from\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

function importsOf(folder: string): Import[] {
  return globSync('**/*.{ts,tsx}', { cwd: join(root, folder) })
    .map((file) => join(folder, file))
    .filter((file) => !isTest.test(file))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(statement)].flatMap(([, type, named, loaded]) => {
        const target = named ?? loaded ?? ''
        const path = target.startsWith('#')
          ? target.slice(1)
          : target.startsWith('.')
            ? relative(root, join(root, dirname(file), target))
            : undefined
        const [to] = path?.split('/') ?? []
        return to ? [{ file, from: folder, to, typesOnly: Boolean(type) }] : []
      }),
    )
}

describe.each(Object.entries(mayImport))('%s', (folder, allowed) => {
  const imports = importsOf(folder)

  test(`imports nothing but ${allowed.join(', ')}`, () => {
    expect(imports.length).toBeGreaterThan(0)
    expect(imports.filter(({ to }) => !allowed.includes(to))).toEqual([])
  })
})

test('components take only types from lib', () => {
  const fromLib = importsOf('components').filter(({ to }) => to === 'lib')
  expect(fromLib.length).toBeGreaterThan(0)
  expect(fromLib.filter(({ typesOnly }) => !typesOnly)).toEqual([])
})

test('only app/_actions has files of server actions', () => {
  const files = globSync('{app,components,lib,gateway,db}/**/*.{ts,tsx}', { cwd: root })
  const actions = files.filter((file) => /^['"]use server['"]/m.test(readFileSync(join(root, file), 'utf8')))
  expect(actions.length).toBeGreaterThan(0)
  expect(actions.filter((file) => !file.startsWith('app/_actions/'))).toEqual([])
})
