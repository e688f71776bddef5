import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

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
  const missing = ['README.md', ...globSync('docs/*.md')].flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)]
      .map(([, picture = '']) => join(dirname(document), picture))
      .filter((picture) => !existsSync(picture))
      .map((picture) => `${document}: ${picture}`),
  )
  expect(missing).toEqual([])
})
