import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { generateAst, parseSpec, printAst } from 'oazapfts'
import { createContext } from 'oazapfts/context'
import { expect, test } from 'vitest'
import { describeApi } from '#lib/management-api/openapi.ts'

/** What it hands to `fetch` does not satisfy `exactOptionalPropertyTypes`, which the project has. The types of its functions count all the same. */
const unchecked = '// @ts-nocheck\n'

test('the client is what a foreign generator makes of the document (anew: npm run test:unit -- e2e/api-client --update)', async () => {
  const document = JSON.parse(JSON.stringify(describeApi('https://tokens.example')))
  const context = createContext(await parseSpec(document), { useUnknown: true })
  await expect(unchecked + printAst(await generateAst(context))).toMatchFileSnapshot('client.ts')
})

test('it satisfies the compiler at its strictest but for that one rule', async () => {
  const copy = `${import.meta.dirname}/checked-${process.pid}.ts`
  await writeFile(copy, (await readFile(`${import.meta.dirname}/client.ts`, 'utf8')).replace(unchecked, ''))
  const rules = ['--strict', '--noUncheckedIndexedAccess', '--skipLibCheck', '--module', 'esnext']
  const project = ['--noEmit', '--ignoreConfig', '--moduleResolution', 'bundler', '--target', 'es2024']
  try {
    await promisify(execFile)('node_modules/.bin/tsc', [...rules, ...project, copy])
  } catch (error) {
    expect((error as { stdout: string }).stdout).toBe('')
    throw error
  } finally {
    await rm(copy)
  }
}, 120_000)
