import { expect, test } from 'vitest'
import { figureOf } from './figure.ts'

type Read = Parameters<typeof figureOf>[0]
type Last = NonNullable<Read['last']>

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 30, 12, 0, seconds)).toISOString()

function read(last: Partial<Last> | null, more: Partial<Read> = {}): Read {
  const none = { p50Ms: null, p99Ms: null, worstMs: null }
  return {
    asOf: at(70),
    last: last && {
      ...{ minute: at(0), endedAt: at(1), gateways: 2, refused: 2 },
      ...{ confirmedAfterMs: 4, refusedAfterMs: 6, acceptedAfterwards: 0, accepting: [], silent: [] },
      ...last,
    },
    ofCanary: { ...none, runs: 0, acceptedAfterwards: 0, lastAcceptedAt: null, faulty: 0 },
    ofRevocations: { ...none, proofs: 0, lastMs: null, accepting: 0, silent: 0 },
    ...more,
  }
}

test.each<[string, Partial<Last> | null, Partial<Read>, string, string[]]>([
  ['there was no run yet', null, {}, 'unknown', []],
  ['each gateway refused', {}, {}, 'green', []],
  ['a call was accepted afterwards', { acceptedAfterwards: 1 }, {}, 'red', ['accepted']],
  ['a gateway was silent', { refused: 1 }, {}, 'red', ['silent']],
  ['there is no gateway', { gateways: 0, refused: 0 }, {}, 'red', ['no-gateway']],
  ['the run broke off', { endedAt: null, gateways: 0, refused: 0 }, {}, 'red', ['broke-off']],
  ['the last run was three minutes ago', {}, { asOf: at(180) }, 'green', []],
  ['it was longer ago', {}, { asOf: at(181) }, 'red', ['late']],
])('where %s', (_where, last, more, state, problems) => {
  expect(figureOf(read(last, more))).toMatchObject({ state, problems })
})

test('of proofs as many as are read at most are called a sample', () => {
  const ofRevocations = { ...read(null).ofRevocations, proofs: 9_999 }
  expect(figureOf(read(null, { ofRevocations })).ofRevocations.isSample).toBe(false)
  const more = { ...ofRevocations, proofs: 10_000 }
  expect(figureOf(read(null, { ofRevocations: more })).ofRevocations.isSample).toBe(true)
})
