import { expect, test } from 'vitest'
import { openResults } from '../results.ts'
import { judgeRotation } from './judge.ts'
import { measureInRotation, tableOfRotation } from './rotation.ts'
import type { Contestant } from './sample.ts'

const sample = (perSecond: number) => ({
  ...{ perSecond, unavailable: 0, p50: 100, p99: 200, serverCpu: 30, databaseCpu: undefined },
})
const answering = (name: string, tokens: number | undefined, perSecond: number): Contestant => ({
  name,
  tokens,
  measure: async () => sample(perSecond),
})

/** Cannot answer in its second round. */
function onceSilent(name: string, tokens: number): Contestant {
  let turn = 0
  return {
    name,
    tokens,
    async measure() {
      turn += 1
      if (turn === 3) throw new Error('no answer in its second\nmore')
      return sample(250)
    },
  }
}

const silent: Contestant = {
  name: 'better-auth',
  tokens: 10_000,
  measure: () => Promise.reject(new Error('not installed | at all')),
}

const run = () =>
  measureInRotation(
    [
      answering('bare node:http', undefined, 1_000),
      answering('introspection', 10_000, 700),
      onceSilent('fastify', 10_000),
      silent,
    ],
    { connections: [32], rounds: 3, seconds: 1, say: () => {} },
  )

test('what one contestant cannot do is a word in the table, and all others are measured to the end', async () => {
  const rows = await run()
  expect(rows.map(({ samples }) => samples.filter(Boolean).length)).toEqual([3, 3, 2, 0])
  const table = tableOfRotation(rows)
  expect(table).toMatch(/\| introspection \| 10,000 \| 0.700 /)
  expect(table).toMatch(/\| fastify .* 0.250 .*\| no answer in its second \|/)
  expect(table).toMatch(/\| better-auth .*\| – .*\| not installed \/ at all \|/)
  expect(table).toContain('introspection : fastify = 2.80')
})

test('who could not answer holds no limit, and whose limits are not reached is said to have missed them', async () => {
  const said: string[] = []
  const results = openResults({
    ...{ file: 'gateway', bench: 'gateway', rounds: 3, folder: null },
    say: (line) => said.push(line),
  })
  judgeRotation(await run(), results)
  await results.write()
  const lines = said.join('\n')
  expect(lines).toMatch(/: bare node:http, at least \| 0.7 \| 0.6 \| held/)
  expect(lines).toMatch(/: fastify, at least \| 2.8 \| 5 \| \*\*missed/)
  expect(lines).toMatch(/: better-auth, at least \| – \| 40 \| \*\*not measured/)
})
