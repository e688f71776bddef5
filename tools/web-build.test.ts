import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkoutFolder } from './checkout.ts'
import { readImports, readSources } from './imports/imports.ts'
import { builtFiles } from './web-build.ts'

const isTest = (file: string) => /\.test\.tsx?$/.test(file)

test('a build is made anew when any module changes that a page needs, itself or through others', async () => {
  const built = await builtFiles()
  const { files } = readSources(checkoutFolder)
  const imports = Map.groupBy(readImports(checkoutFolder, files), ({ file }) => file)
  const needed = new Set(
    files.filter(
      (file) =>
        (/^(app|components)\//.test(file) && !isTest(file)) ||
        /^(proxy|next\.config|postcss\.config)\./.test(file),
    ),
  )
  for (const file of needed) {
    for (const { path } of imports.get(file) ?? []) if (path !== null) needed.add(path)
  }
  expect([...needed]).toEqual(
    expect.arrayContaining(['app/(person)/mails/page.tsx', 'proxy.ts', 'lib/result.ts', 'db/client.ts']),
  )
  expect([...needed].filter((file) => !built.includes(file))).toEqual([])
})

test('so it is when a style, the icon, a setting or a package changes, and not for a test or a migration', async () => {
  const built = await builtFiles()
  expect(built).toEqual(
    expect.arrayContaining([
      ...['app/globals.css', 'app/icon.svg', 'next.config.js', 'postcss.config.mjs', 'tsconfig.json'],
      ...['package.json', 'package-lock.json'],
    ]),
  )
  expect(built.filter((file) => isTest(file) || file.startsWith('db/migrations'))).toEqual([])
})

test('the style sheet knows the classes of what is built, and no words from elsewhere', () => {
  const css = readFileSync(join(checkoutFolder, 'app/globals.css'), 'utf8')
  expect(css).toContain('@import "tailwindcss" source(none);')
  expect([...css.matchAll(/^@source "(.+)";$/gm)].map(([, folder]) => folder)).toEqual(['.', '../components'])
})
