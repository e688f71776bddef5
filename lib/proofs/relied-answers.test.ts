import { describe, expect, test } from 'vitest'
import { createReliedAnswers } from './relied-answers.ts'

const warehouse = { id: 'warehouse', maxAgeS: 30 }
const mail = { id: 'mail', maxAgeS: 5 }
const strict = { id: 'strict', maxAgeS: 0 }

function open(options: { capacity?: number; maxNamed?: number } = {}) {
  let at = 1_000
  const relied = createReliedAnswers([warehouse, mail, strict], { now: () => at * 1000, ...options })
  return {
    relied,
    passes: (seconds: number) => {
      at += seconds
    },
    answer: (client: typeof warehouse, tokenId: string) =>
      relied.note(client, tokenId, at, at + client.maxAgeS),
    of: (...tokenIds: string[]) => relied.find(tokenIds),
  }
}

test('each client is named until its last answer about the token is over', () => {
  const { answer, of, passes } = open()
  answer(warehouse, 'a')
  answer(mail, 'a')
  passes(4)
  answer(mail, 'b')
  expect(of('a', 'b', 'c')).toEqual({
    any: { warehouse: 1_030, mail: 1_009 },
    tokens: { a: { warehouse: 1_030, mail: 1_005 }, b: { mail: 1_009 } },
  })
  passes(1)
  expect(of('a').tokens).toEqual({ a: { warehouse: 1_030 } })
  passes(24)
  expect(of('a').tokens).toEqual({ a: { warehouse: 1_030 } })
  passes(1)
  expect(of('a')).toEqual({ any: {}, tokens: {} })
})

test('who may not rely on an answer is never named', () => {
  const { relied, answer, of } = open()
  answer(strict, 'a')
  expect(of('a')).toEqual({ any: {}, tokens: {} })
  expect(relied.maxAges).toEqual({ warehouse: 30, mail: 5 })
})

test('no answer is forgotten before it is over, however many others are given meanwhile', () => {
  const { answer, of, passes } = open()
  const given = new Map<string, number>()
  for (let second = 0; second < 100; second++) {
    answer(warehouse, `token ${second}`)
    given.set(`token ${second}`, 1_000 + second + 30)
    const still = [...given].filter(([, until]) => until > 1_000 + second)
    const found = of(...given.keys()).tokens ?? {}
    expect(Object.keys(found)).toHaveLength(still.length)
    for (const [token, warehouse] of still) expect(found[token]).toEqual({ warehouse })
    passes(1)
  }
})

test('where there is no room for more tokens, the latest answer so far may have been about any token', () => {
  const { answer, of, passes } = open({ capacity: 2 })
  answer(warehouse, 'a')
  answer(warehouse, 'b')
  passes(3)
  answer(warehouse, 'b')
  answer(warehouse, 'c')
  passes(2)
  answer(warehouse, 'd')
  expect(of('never asked about', 'd')).toEqual({
    any: { warehouse: 1_035 },
    tokens: { 'never asked about': { warehouse: 1_033 }, d: { warehouse: 1_035 } },
  })
  passes(28)
  expect(of('a', 'd').tokens).toEqual({ d: { warehouse: 1_035 } })
})

test('where too many tokens would be named, what holds for any holds for each', () => {
  const { answer, of } = open({ maxNamed: 2 })
  answer(warehouse, 'a')
  answer(warehouse, 'b')
  expect(of('a', 'b', 'x').tokens).toBeDefined()
  answer(mail, 'c')
  expect(of('a', 'b', 'c')).toEqual({ any: { warehouse: 1_030, mail: 1_005 } })
})

describe('introspections under way', () => {
  const isSettled = async (settled: Promise<void>) => {
    const unsettled = Symbol()
    await new Promise(setImmediate)
    return (await Promise.race([settled, Promise.resolve(unsettled)])) !== unsettled
  }

  test('are waited for where they began before, and only these', async () => {
    const { relied } = open()
    expect(await isSettled(relied.settled())).toBe(true)
    const [first, second] = [relied.begin(), relied.begin()]
    const settled = relied.settled()
    const later = relied.begin()
    relied.end(first)
    expect(await isSettled(settled)).toBe(false)
    relied.end(second)
    expect(await isSettled(settled)).toBe(true)
    relied.end(later)
  })

  test('are waited for by whoever asks after them, of all that began before', async () => {
    const { relied } = open()
    const slow = relied.begin()
    const first = relied.settled()
    const quick = relied.begin()
    const second = relied.settled()
    const third = relied.settled()
    relied.end(quick)
    expect([await isSettled(first), await isSettled(second), await isSettled(third)]).toEqual([
      false,
      false,
      false,
    ])
    relied.end(slow)
    expect([await isSettled(first), await isSettled(second), await isSettled(third)]).toEqual([
      true,
      true,
      true,
    ])
  })
})
