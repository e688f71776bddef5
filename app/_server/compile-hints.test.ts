import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { compileHint, hintCompilation } from './compile-hints.ts'

test('what each page starts with is compiled while it arrives, and is said so once; other scripts stay as they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'compile-hints-'))
  const chunks = join(folder, 'static/chunks')
  await mkdir(chunks, { recursive: true })
  await writeFile(
    join(folder, 'build-manifest.json'),
    JSON.stringify({ rootMainFiles: ['static/chunks/react.js', 'static/chunks/router.js'] }),
  )
  for (const name of ['react', 'router', 'page']) await writeFile(join(chunks, `${name}.js`), `${name}()`)
  await hintCompilation(folder)
  await hintCompilation(folder)
  const scriptOf = (name: string) => readFile(join(chunks, `${name}.js`), 'utf8')
  expect(await Promise.all(['react', 'router', 'page'].map(scriptOf))).toEqual([
    `${compileHint}react()`,
    `${compileHint}router()`,
    'page()',
  ])
  await rm(folder, { recursive: true })
})
