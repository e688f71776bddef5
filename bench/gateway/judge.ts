import type { Results } from '../results.ts'
import { median } from '../statistics.ts'
import { medianOf, medianRatio, type Row, ratios } from './rotation.ts'
import { bareName } from './sample.ts'

/** At 32 connections, by the number of tokens. */
const ofBare: Record<number, number> = { 10: 0.62, 10000: 0.6, 1000000: 0.55 }
const ofFastify: Record<number, number> = { 10: 4, 10000: 5, 1000000: 7 }
const judgedConnections = 32

/** What is to be reached, as far as it was measured in this run. Who could not answer in any round holds nothing. */
export function judgeRotation(rows: Row[], results: Results) {
  for (const row of rows) {
    const bare = rows.find(({ name, connections }) => name === bareName && connections === row.connections)
    const toBare = bare ? ratios(row, bare).filter((ratio) => ratio !== undefined) : []
    results.add(nameOf(row), {
      ': bare': median(toBare),
      ': bare, lowest': Math.min(...toBare),
      ': bare, highest': Math.max(...toBare),
      'requests/s': medianOf(row, 'perSecond'),
      'p50, µs': medianOf(row, 'p50'),
      'p99, µs': medianOf(row, 'p99'),
      'CPU, µs': medianOf(row, 'serverCpu'),
      'database, µs': medianOf(row, 'databaseCpu'),
      failure: row.failure ?? null,
    })
  }
  for (const row of rows) judge(row, rows, results)
}

const nameOf = ({ name, tokens, connections }: Row) =>
  `${name}${tokens === undefined ? '' : `, ${tokens.toLocaleString('en')} tokens`}, ${connections} connections`

function judge(row: Row, rows: Row[], results: Results) {
  const beside = (name: string) =>
    rows.find(
      (other) =>
        other.name === name &&
        other.connections === row.connections &&
        (other.tokens === row.tokens || other.tokens === undefined),
    )
  const atLeast = (name: string, wanted: number | undefined) => {
    const base = beside(name)
    if (!base || wanted === undefined) return
    results.limit(`${nameOf(row)} : ${name}`, { measured: medianRatio(row, base), atLeast: wanted })
  }
  const [bare, fastify] = [beside(bareName), beside('fastify')]
  if (row.name === 'introspection' && row.connections === judgedConnections) {
    const tokens = row.tokens ?? 0
    atLeast(bareName, ofBare[tokens])
    atLeast('fastify', ofFastify[tokens])
    if (tokens === 10_000) {
      atLeast('oidc-provider', 7)
      atLeast('better-auth', 40)
    }
    if (bare) {
      const measured = medianRatio(row, bare, 'serverCpu')
      results.limit(`${nameOf(row)}, CPU : bare node:http`, { measured, atMost: 1.6 })
    }
  }
  if (row.name === 'introspection, leased') {
    if (row.connections === judgedConnections) {
      atLeast(bareName, 0.62)
      results.limit(`${nameOf(row)}, CPU of PostgreSQL, µs`, {
        measured: medianOf(row, 'databaseCpu'),
        atMost: 3,
      })
    }
    const farAway = beside('introspection, leased, 80 ms away')
    if (farAway) {
      results.limit(`${nameOf(farAway)}, p50 : beside the database`, {
        measured: medianRatio(farAway, row, 'p50'),
        atMost: 1.3,
      })
    }
  }
  if (row.name === 'introspection, sustained') {
    const measured = medianOf(row, 'databaseCpu')
    results.limit(`${nameOf(row)}, CPU of PostgreSQL, µs`, { measured, atMost: 25 })
  }
  if (row.connections === judgedConnections) {
    if (row.name === 'xml') atLeast(bareName, 0.3)
    if (row.name.startsWith('xml refused')) atLeast(bareName, 0.5)
    if (row.name === 'xml forwarded') {
      atLeast('bare proxy by node:http', 0.75)
      atLeast('bare proxy by undici', 0.75)
    }
    if (row.name === 'nginx with /authorize') atLeast('nginx alone', 0.55)
  }
  if (row.name === 'introspection' && row.connections === 1 && fastify) {
    const measured = medianRatio(row, fastify, 'p50')
    results.limit(`${nameOf(row)}, p50 : fastify`, { measured, atMost: 0.8 })
  }
}
