import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'

/** Folders that are no part of the project: what a test run leaves, for one. */
const ignored = readFileSync('.gitignore', 'utf8')
  .split('\n')
  .filter((line) => line.endsWith('/'))
  .map((line) => line.slice(0, -1))
const exclude = [...ignored.map((folder) => `**/${folder}/**`), 'next-env.d.ts']

const documents = globSync(['*.md', '{docs,gateway,bench,findings}/**/*.md'], { exclude })

const text = readFileSync('docs/security.md', 'utf8')
const rows = [...text.matchAll(/^\| (\d+\.\d+\.\d+) +\| ([12]) +\| (\S+) +\| (.*?) +\| (.*?) +\|$/gm)].map(
  ([, id = '', level, state, how = '', by = '']) => ({
    ...{ id, level, state, how },
    files: [...by.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file),
  }),
)

/** Of ASVS 5.0.0: 70 rows of level 1 and 183 of level 2. */
test('docs/security.md has each row of levels 1 and 2 once', () => {
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  expect(rows.filter(({ level }) => level === '1')).toHaveLength(70)
  expect(rows.filter(({ level }) => level === '2')).toHaveLength(183)
})

test('each row of docs/security.md has a state and says how', () => {
  for (const { id, state, how } of rows) {
    expect(['held', 'n.a.', 'deploy', 'open'], id).toContain(state)
    expect(how, id).not.toBe('')
  }
})

test('every file that docs/security.md names is there', () => {
  const missing = rows.flatMap(({ id, files }) =>
    files.filter((file) => !existsSync(file)).map((file) => `${id}: ${file}`),
  )
  expect(missing).toEqual([])
})

test('every picture that a document shows is there', () => {
  const missing = documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)]
      .map(([, picture = '']) => join(dirname(document), picture))
      .filter((picture) => !existsSync(picture))
      .map((picture) => `${document}: ${picture}`),
  )
  expect(missing).toEqual([])
})

/** A heading's address, as hosts of repositories make it. */
function anchorOf(heading: string) {
  const text = heading.replace(/\[([^\]]+)\]\([^)]*\)/g, '$1').toLowerCase()
  return text.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-')
}

test('every link of a document leads to a file, and to a heading of it, that is there', () => {
  expect(documents.length).toBeGreaterThan(10)
  const broken = documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => {
        const [path = '', anchor] = link.split('#')
        const target = path === '' ? document : join(dirname(document), path)
        if (!existsSync(target)) return true
        if (anchor === undefined) return false
        const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.+)$/gm)]
        return !headings.some(([, heading = '']) => anchorOf(heading) === anchor)
      })
      .map((link) => `${document}: ${link}`),
  )
  expect(broken).toEqual([])
})

const code = globSync(
  [
    '*.{ts,js,yaml}',
    'Dockerfile',
    '{app,bench,components,db,docs,e2e,gateway,lib,tools,worker}/**/*.{ts,tsx,mts,mjs,js,css,conf}',
    'findings/*.sh',
  ],
  { exclude },
).map((file) => ({ file, text: readFileSync(file, 'utf8') }))

test('every document that the code names is there', () => {
  const named = code.flatMap(({ file, text }) =>
    [...text.matchAll(/\bdocs\/[\w./-]+\.md\b/g)].map(([document]) => ({ file, document })),
  )
  expect(named.length).toBeGreaterThan(40)
  const missing = named.filter(({ document }) => !existsSync(document))
  expect(missing.map(({ file, document }) => `${file} names ${document}`)).toEqual([])
})

test('every decision is named where the code follows it', () => {
  const decisions = globSync('docs/decisions/[0-9]*.md')
  expect(decisions.length).toBeGreaterThan(10)
  const unnamed = decisions.filter((decision) => !code.some(({ text }) => text.includes(decision)))
  expect(unnamed).toEqual([])
})

test('README.md has 100 lines at most', () => {
  expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(100)
})

test('every script that a document tells to run is in package.json', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
  const named = documents.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/npm run ([a-z][\w:-]*\w)/g)].map(
      ([, script = '']) => script,
    ),
  )
  expect(named).toEqual(expect.arrayContaining(['dev', 'lint', 'test:unit']))
  expect(named.filter((script) => !(script in scripts))).toEqual([])
})

test('the tree of CONTRIBUTING.md names every folder at the top of the project, and every one of lib', () => {
  const [, tree = ''] =
    /## Where things are\n\n```\n([\s\S]*?)```/.exec(readFileSync('CONTRIBUTING.md', 'utf8')) ?? []
  const named = new Set([...tree.matchAll(/[\w.-]+(?=\/)/g)].map(([folder]) => folder))
  const folders = ['', 'lib/'].flatMap((above) =>
    globSync(`${above}*/`).map((path) => path.slice(above.length)),
  )
  const ours = folders.map((path) => path.replace(/\/$/, '')).filter((folder) => !ignored.includes(folder))
  expect(ours.length).toBeGreaterThan(20)
  expect(ours.filter((folder) => !named.has(folder))).toEqual([])
})

test('every program that the Dockerfile and compose.yaml start is there', () => {
  const started = ['Dockerfile', 'compose.yaml'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?<![\w/])[\w/-]+\.ts\b/g)].map(([program]) => program),
  )
  expect(started.length).toBeGreaterThan(5)
  expect(started.filter((program) => !existsSync(program))).toEqual([])
})

test('docs/decisions names each package that is installed, with its version, and no other', () => {
  const named = [
    ...readFileSync('docs/decisions/013-packages.md', 'utf8').matchAll(/^\| `([^`]+)` +\| (\d\S*) /gm),
  ].map(([, name, version]) => `${name} ${version}`)
  const installed = globSync('{,bench/peers/,tools/mutation/,tools/fonts/}package.json').flatMap((file) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(file, 'utf8'))
    return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
  })
  expect(named.sort()).toEqual([...new Set(installed.map(([name, version]) => `${name} ${version}`))].sort())
})

test('the code of docs/webhooks.md takes what is signed here, and nothing that was changed or is old', async () => {
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/webhooks.md', 'utf8')) ?? []
  const { readWebhook } = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)
  const secret = createWebhookSecret()
  const body = JSON.stringify({ type: 'token.revoked', data: { lastCharacters: 'ä–x7' } })
  const headersAt = (at: Date, signed = body) => ({
    'webhook-id': 'one',
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': `v1,bm90IHRoaXMgb25l ${new Webhook(secret).sign('one', at, signed)}`,
  })
  const now = new Date()
  expect(readWebhook(secret, headersAt(now), body)).toEqual(JSON.parse(body))
  expect(readWebhook(secret, headersAt(now), `${body} `)).toBeNull()
  expect(readWebhook(createWebhookSecret(), headersAt(now), body)).toBeNull()
  expect(readWebhook(secret, { ...headersAt(now), 'webhook-id': 'two' }, body)).toBeNull()
  expect(readWebhook(secret, headersAt(new Date(now.getTime() - 301_000)), body)).toBeNull()
  expect(readWebhook(secret, {}, body)).toBeNull()
})
