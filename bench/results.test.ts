import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openResults, type ResultsFile } from './results.ts'

let folder: string
let said: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-results-'))
  said = []
})

afterEach(() => rm(folder, { recursive: true }))

const say = (line: string) => void said.push(line)
const open = (bench: string, rounds = 10) => openResults({ file: 'pages', bench, rounds, folder, say })

async function written(): Promise<ResultsFile> {
  const [file = '', ...others] = await readdir(folder)
  expect(others).toEqual([])
  expect(file).toMatch(/^pages-\d{4}-\d\d-\d\d\.json$/)
  return JSON.parse(await readFile(join(folder, file), 'utf8'))
}

test('a file says the machine, the rounds, what was measured, and how each limit was held', async () => {
  const results = open('lists')
  results.add('by expiry', { ratio: 1.07123, found: 74_673, word: null })
  results.limit('by expiry', { measured: 1.07123, atMost: 1.2 })
  results.limit('calls', { measured: 0.4, atLeast: 0.62 })
  await results.write()
  const { machine, rounds, rows, limits } = await written()
  expect(machine).toEqual({
    cpu: expect.any(String),
    cores: expect.any(Number),
    memoryGb: expect.any(Number),
    node: process.versions.node,
    postgres: expect.stringMatching(/^\d+\.\d+$/),
    load: expect.any(Number),
  })
  expect(rounds).toBe(10)
  const figures = { ratio: 1.071, found: 74_673, word: null }
  expect(rows).toEqual([
    { bench: 'lists', name: 'by expiry', rounds: 10, load: expect.any(Number), ...figures },
  ])
  expect(limits).toEqual({
    'lists: by expiry': { measured: 1.071, limit: 1.2, held: true },
    'lists: calls, at least': { measured: 0.4, limit: 0.62, held: false },
  })
  expect(said.join('\n')).toMatch(/by expiry \| 1.071 \| 1.2 \| held/)
  expect(said.join('\n')).toMatch(/calls, at least \| 0.4 \| 0.62 \| \*\*missed/)
})

test('what could not be measured holds no limit, and is no end of the run', async () => {
  const results = open('lists')
  results.add('other server', { ratio: Number.NaN, word: 'no answer' })
  results.limit('other server', { measured: Number.NaN, atMost: 1.2 })
  await results.write()
  const { rows, limits } = await written()
  expect(rows[0]).toMatchObject({ ratio: null, word: 'no answer' })
  expect(limits['lists: other server']).toEqual({ measured: null, limit: 1.2, held: false })
  expect(said.join('\n')).toContain('not measured')
})

test('a case that could not run is named at the end, without a limit too, and the run ends with 1', async () => {
  const ended: number[] = []
  const results = openResults({
    ...{ file: 'pages', bench: 'lists', rounds: 1, folder: null, say },
    onUnmeasured: () => ended.push(1),
  })
  results.add('by expiry', { ratio: 1, failure: null })
  await results.write()
  expect(ended).toEqual([])
  results.add('revoking', { ratio: Number.NaN, failure: 'db.commit is not a function' })
  await results.write()
  expect(said.join('\n')).toContain('Not measured:\n- revoking: db.commit is not a function')
  expect(ended).toEqual([1])
})

test('two benchmarks share the file of a day; what is measured again takes the place of what was there', async () => {
  const first = open('lists', 10)
  first.add('by expiry', { ratio: 1 })
  first.add('by name', { ratio: 2 })
  first.limit('by name', { measured: 2, atMost: 1.2 })
  await first.write()
  const other = open('search', 4)
  other.add('by name', { ratio: 3 })
  other.limit('by name', { measured: 3, atMost: 1.5 })
  await other.write()
  const again = open('lists', 20)
  again.add('by name', { ratio: 1.1 })
  again.limit('by name', { measured: 1.1, atMost: 1.2 })
  await again.write()
  const { rounds, rows, limits } = await written()
  expect(rows.map(({ bench, name, ratio, rounds }) => [bench, name, ratio, rounds])).toEqual([
    ['lists', 'by expiry', 1, 10],
    ['search', 'by name', 3, 4],
    ['lists', 'by name', 1.1, 20],
  ])
  expect(rounds).toBe(4)
  expect(limits).toMatchObject({ 'lists: by name': { held: true }, 'search: by name': { held: false } })
})

test('figures of another machine are not mixed with those of this one', async () => {
  const first = open('lists')
  first.add('by expiry', { ratio: 1 })
  await first.write()
  const before = await written()
  const [file = ''] = await readdir(folder)
  const elsewhere = { ...before, machine: { ...before.machine, cores: before.machine.cores + 1 } }
  await writeFile(join(folder, file), JSON.stringify(elsewhere))
  const again = open('search')
  again.add('by name', { ratio: 3 })
  await again.write()
  expect((await written()).rows.map(({ bench }) => bench)).toEqual(['search'])
})

test('a trial run prints how the limits were held, and writes nothing', async () => {
  const results = openResults({ file: 'pages', bench: 'lists', rounds: 1, folder: null, say })
  results.add('by expiry', { ratio: 1 })
  results.limit('by expiry', { measured: 1, atMost: 1.2 })
  await results.write()
  expect(said.join('\n')).toContain('held')
  expect(await readdir(folder)).toEqual([])
})
