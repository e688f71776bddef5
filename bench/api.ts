import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { encrypt } from '#lib/encryption/encryption.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { collectTokens } from '#lib/tokens/collect.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { renewTokens } from '#lib/tokens/renew.ts'
import { type FilledDatabase, startBenchCluster } from './filled-databases.ts'
import { openResults } from './results.ts'
import { median, quantile, ratioOf } from './statistics.ts'
import { undone } from './undone.ts'

/**
 * What it costs a program to renew 500 tokens and to collect their texts, beside plain SQL that writes the same rows. See README.md.
 * `node bench/api.ts [--sizes 10000,1000000] [--tokens 500] [--shapes merchant,partner] [--rounds 10] [--no-results]`
 */

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '10000,1000000' },
    tokens: { type: 'string', default: '500' },
    shapes: { type: 'string', default: 'merchant,partner' },
    rounds: { type: 'string', default: '10' },
    'no-results': { type: 'boolean' },
  },
})
const [rounds, count] = [Number(values.rounds), Number(values.tokens)]
const atLeastASecond = 200
const results = openResults({ file: 'scale', bench: 'api', rounds })

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(dataDir, console.error)
try {
  console.log(
    '| | tokens there are | verbs : plain SQL | verbs, tokens/s | renewing, ms | collecting, ms | plain SQL, tokens/s |\n|---|---|---|---|---|---|---|',
  )
  for (const shape of values.shapes.split(',') as FilledDatabase['shape'][])
    for (const size of values.sizes.split(',')) await measure(await cluster.fill(shape, Number(size)))
  await results.write()
} finally {
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function measure({ shape, db, actor, count: size }: FilledDatabase) {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from live_tokens where not is_renewed and expires_at > now() + interval '10 days' order by id limit ${count}`)
  const tokenIds = rows.map(({ id }) => id)
  if (tokenIds.length < count) throw new Error(`there are ${tokenIds.length} tokens to renew`)
  const use = { address: null, keys: testKeys }
  const times = {
    verbs: [] as number[],
    plain: [] as number[],
    renewing: [] as number[],
    collecting: [] as number[],
  }
  for (let round = -1; round < rounds; round++) {
    const verbs = () =>
      undone(db, async (tx) => {
        // What counts how often somebody issues has a connection of its own.
        const within = Object.assign(tx, { $client: db.$client })
        const since = performance.now()
        const renewed = await renewTokens(actor, { tokenIds }, { ...use, db: within })
        const between = performance.now()
        if (!renewed.ok) throw new Error(`refused: ${JSON.stringify(renewed.refusal)}`)
        const successorIds = renewed.value.renewed.map(({ successor }) => successor.id)
        const collected = await collectTokens(actor, { tokenIds: successorIds }, { ...use, db: tx })
        const end = performance.now()
        const texts = collected.ok ? [...collected.value.values()].filter(({ ok }) => ok).length : 0
        if (texts !== count) throw new Error(`${texts} of ${count} texts`)
        return { renewing: between - since, collecting: end - between }
      })
    const plain = () =>
      undone(db, async (tx) => {
        const since = performance.now()
        await writeRows(tx, tokenIds, actor)
        return performance.now() - since
      })
    const [first, second] = round % 2 === 0 ? [verbs, plain] : [plain, verbs]
    for (const taken of [await first(), await second()]) {
      if (round < 0) continue
      if (typeof taken === 'number') times.plain.push(taken)
      else {
        times.renewing.push(taken.renewing)
        times.collecting.push(taken.collecting)
        times.verbs.push(taken.renewing + taken.collecting)
      }
    }
  }
  const { ratio, lowest, highest } = ratioOf(times.verbs, times.plain)
  const perSecond = (ms: number) => (count / ms) * 1_000
  const shown = (ms: number[]) =>
    `${median(ms).toFixed(0)} (${quantile(ms, 0.25).toFixed(0)}–${quantile(ms, 0.75).toFixed(0)})`
  const rate = perSecond(median(times.verbs))
  console.log(
    `| ${shape} | ${size.toLocaleString('en')} | ${ratio.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)}) | **${rate.toFixed(0)}** | ${shown(times.renewing)} | ${shown(times.collecting)} | ${perSecond(median(times.plain)).toFixed(0)} |`,
  )
  const name = `${count} tokens of a ${shape} with ${size} renewed and collected, a second`
  results.add(name, {
    ...{ perSecond: rate, ratio, lowest, highest, renewingMs: median(times.renewing) },
    ...{ collectingMs: median(times.collecting), plainMs: median(times.plain) },
  })
  results.limit(name, { measured: rate, atLeast: atLeastASecond })
}

/** The same successors, kept texts, audit rows and events of the outbox, then the same texts read and forgotten, as plain as SQL can. */
async function writeRows(tx: Queryable, tokenIds: string[], { userId }: { userId: string }) {
  const minted = tokenIds.map((old) => {
    const [id, { text, hash, lastCharacters }] = [uuidv7(), mintToken()]
    return { old, id, last: lastCharacters, hash: hash.toString('hex'), sealed: encrypt(testKeys, text, id) }
  })
  const made = sql`jsonb_to_recordset(${JSON.stringify(minted)}::jsonb) as made (old uuid, id uuid, last text, hash text, sealed text)`
  await tx.execute(sql`
    with made as materialized (
      select made.*, tokens.store_id, tokens.partner_id from ${made} join tokens on tokens.id = made.old
    ), issued as (
      insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
      select id, decode(hash, 'hex'), last, store_id, partner_id, old, now(), now() + interval '1 year' from made returning id
    ), kept as (
      insert into handovers (token_id, encrypted_text, collect_until) select id, sealed, now() + interval '7 days' from made
    ), noted as (
      insert into audit_events (occurred_at, action, store_id, partner_id, token_id, details)
      select now(), action, store_id, partner_id, case action when 'token.renewed' then old else id end, jsonb_build_object('of', old)
      from made cross join unnest(array['token.renewed', 'token.issued']) action
    )
    insert into events (kind, operation_id, occurred_at, store_id, partner_id, token_id, details)
    select kind, gen_random_uuid(), now(), store_id, partner_id, case kind when 'token.renewed' then old else id end, jsonb_build_object('of', old)
    from made cross join unnest(array['token.renewed', 'token.issued']) kind`)
  const ids = sql`${sql.param(minted.map(({ id }) => id))}::uuid[]`
  await tx.execute(sql`
    select tokens.store_id, encrypted_text from handovers join tokens on tokens.id = token_id where token_id = any(${ids}) for update of handovers`)
  await tx.execute(sql`
    with collected as (
      update handovers set encrypted_text = null, collected_at = now(), collected_from = 'merchant', collected_by = ${userId} where token_id = any(${ids}) returning token_id
    )
    insert into audit_events (occurred_at, action, store_id, partner_id, token_id)
    select now(), 'token.collected', store_id, partner_id, id from tokens where id = any(${ids})`)
}
