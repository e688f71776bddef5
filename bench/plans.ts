import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'drizzle-orm'
import { connect, type Database, type Queryable } from '#db/client.ts'
import { testKeys } from '#lib/encryption/test-keyring.ts'
import { confirmPlan } from '#lib/plans/confirm.ts'
import { executePlans } from '#lib/plans/execute.ts'
import { freezePlan } from '#lib/plans/freeze.ts'
import { planHash } from '#lib/plans/hash.ts'
import { readPlan } from '#lib/plans/read.ts'
import { type FilledDatabase, startBenchCluster } from './filled-databases.ts'
import { openResults } from './results.ts'
import { median, quantile, ratioOf } from './statistics.ts'
import { undone } from './undone.ts'

/**
 * What a plan costs: frozen, counted and shown; and revoking all its tokens beside the best plain SQL that writes the same rows. See
 * README.md. `node bench/plans.ts [--size 130000] [--shapes merchant,partner] [--rounds 10] [--no-results]`
 */

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '130000' },
    shapes: { type: 'string', default: 'merchant,partner' },
    rounds: { type: 'string', default: '10' },
    'no-results': { type: 'boolean' },
  },
})
const rounds = Number(values.rounds)
const limits = { frozenMs: 2_000, revoked: 1.1 }
const results = openResults({ file: 'scale', bench: 'plans', rounds })

const dataDir = await mkdtemp(join(tmpdir(), 'partner-tokens-bench-'))
process.once('SIGINT', () => process.exit(130))
const cluster = await startBenchCluster(dataDir, console.error)
try {
  console.log('| | tokens | ratio | | ms |\n|---|---|---|---|---|')
  for (const shape of values.shapes.split(',') as FilledDatabase['shape'][])
    await measure(await cluster.fill(shape, Number(values.size)))
  await results.write()
} finally {
  await cluster.stop()
  await rm(dataDir, { recursive: true, force: true })
}

async function measure(filled: FilledDatabase) {
  const { shape, db, actor, ownerUrl } = filled
  const owner = connect({ url: ownerUrl, applicationName: 'bench', role: 'owner', maxConnections: 1 })
  const freezing: number[] = []
  let planId = ''
  for (let round = -1; round < rounds; round++) {
    // What the rounds before have left: only the last plan stays.
    for (const table of ['bulk_plan_tokens', 'bulk_plan_parties', 'bulk_plan_books', 'bulk_plans'])
      await owner.execute(sql.raw(`delete from ${table}`))
    await owner.execute(sql`delete from rate_limit_counters`)
    await owner.execute(sql`vacuum analyze bulk_plan_tokens, bulk_plan_parties, bulk_plans`)
    const since = performance.now()
    const made = await freezePlan(actor, { chosen: '' }, { db })
    if (!made.ok) throw new Error(`refused: ${JSON.stringify(made.refusal)}`)
    planId = made.value.planId
    await readPlan(actor, { planId }, { db })
    if (round >= 0) freezing.push(performance.now() - since)
  }
  const { rows } = await db.execute<{ tokens: number; hash: Buffer }>(
    sql`select tokens::int, ids_hash as hash from bulk_plans where id = ${planId}`,
  )
  const { tokens = 0, hash = Buffer.alloc(0) } = rows[0] ?? {}
  const frozenName = `plan of a ${shape}: frozen, counted and shown, ms`
  print(`${shape}: frozen, counted, shown`, tokens, '', median(freezing) <= limits.frozenMs, freezing)
  results.add(frozenName, { tokens, ms: median(freezing) })
  results.limit(frozenName, { measured: median(freezing), atMost: limits.frozenMs })

  const how = { kind: 'revoke', planId, reason: 'exposed', note: null, runAt: null } as const
  const confirmed = await confirmPlan(
    actor,
    { ...how, hash: planHash('revoke', hash) },
    { db, address: null, keys: testKeys, atOnce: 1 },
  )
  if (!confirmed.ok) throw new Error(`refused: ${JSON.stringify(confirmed.refusal)}`)
  const contestants: Record<'plan' | 'one' | 'steps', (tx: Database) => Promise<unknown>> = {
    plan: (tx) => executePlans({ db: tx, keys: testKeys }),
    one: (tx) => writeRows(tx, planId, tokens),
    steps: (tx) => writeRows(tx, planId, 10_000),
  }
  const times: Record<keyof typeof contestants, number[]> = { plan: [], one: [], steps: [] }
  const names = Object.keys(contestants) as (keyof typeof contestants)[]
  for (let round = -1; round < rounds; round++) {
    for (const [turn] of names.entries()) {
      const name = names[(turn + round + 1) % names.length] as keyof typeof contestants
      await owner.execute(sql`vacuum revocations, audit_events, events, bulk_plan_books`)
      const ms = await undone(db, async (tx) => {
        const since = performance.now()
        await contestants[name](tx)
        const taken = performance.now() - since
        const { rows } = await tx.execute<{ count: number }>(
          sql`select count(*)::int as count from audit_events where details ->> 'planId' = ${planId} and action = 'token.revoked'`,
        )
        if (rows[0]?.count !== tokens) throw new Error(`${name} wrote ${rows[0]?.count} of ${tokens}`)
        return taken
      })
      if (round >= 0) times[name].push(ms)
    }
  }
  const best = median(times.one) < median(times.steps) ? times.one : times.steps
  const { ratio, lowest, highest } = ratioOf(times.plan, best)
  print(
    `${shape}: revoked by a plan, beside plain SQL`,
    tokens,
    `**${ratio.toFixed(2)}** (${lowest.toFixed(2)}–${highest.toFixed(2)})`,
    ratio <= limits.revoked,
    times.plan,
  )
  print(`${shape}: plain SQL, one statement`, tokens, '', null, times.one)
  print(`${shape}: plain SQL, steps of 10,000`, tokens, '', null, times.steps)
  const revokedName = `plan of a ${shape}: revoked, by plain SQL`
  results.add(revokedName, { ratio, lowest, highest, tokens, ms: median(times.plan), plainMs: median(best) })
  results.limit(revokedName, { measured: ratio, atMost: limits.revoked })
  await owner.$client.end()
}

function print(what: string, tokens: number, ratio: string, held: boolean | null, ms: number[]) {
  const spread = `${median(ms).toFixed(0)} (${quantile(ms, 0.25).toFixed(0)}–${quantile(ms, 0.75).toFixed(0)})`
  const verdict = held === null ? '' : held ? 'ok' : 'above'
  console.log(`| ${what} | ${tokens.toLocaleString('en')} | ${ratio} | ${verdict} | ${spread} |`)
}

/** The same facts, audit rows and events of the outbox, of which there is one a party, as plain as SQL can. */
async function writeRows(tx: Queryable, planId: string, limit: number) {
  const made = sql`(select * from bulk_plan_confirmations where plan_id = ${planId}) made`
  const details = JSON.stringify({ planId })
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const { rows } = await tx.execute<{ last: string | null }>(sql`
      with next as materialized (
        select token_id from bulk_plan_tokens where plan_id = ${planId} and token_id > ${last}::uuid order by token_id limit ${limit}
      ), revoked as (
        insert into revocations (token_id, store_id, partner_id, revoked_at, side, user_id, user_name, user_email, user_role, reason, note)
        select tokens.id, store_id, partner_id, now(), 'merchant', made.user_id, made.user_name, made.user_email, made.user_role, made.reason, made.note
        from next join tokens on tokens.id = next.token_id cross join ${made} order by tokens.id
        returning token_id, store_id, partner_id
      ), noted as (
        insert into audit_events (occurred_at, action, side, user_id, user_name, user_email, user_role, store_id, partner_id, token_id, reason, details)
        select now(), 'token.revoked', 'merchant', made.user_id, made.user_name, made.user_email, made.user_role, store_id, partner_id, token_id, made.reason, ${details}::jsonb
        from revoked cross join ${made}
      )
      select max(token_id::text) as last from next`)
    const to = rows[0]?.last
    if (!to) break
    last = to
  }
  await tx.execute(sql`
    insert into events (kind, operation_id, occurred_at, store_id, partner_id, side, user_id, user_name, user_email, user_role, details, once_key)
    select 'plan.done', ${planId}::uuid, now(), party.store_id, party.partner_id, 'merchant', made.user_id, made.user_name, made.user_email, made.user_role,
      jsonb_build_object('tokens', party.tokens::text, 'planId', ${planId}::text), 'plan.done:' || party.rank
    from bulk_plan_parties party cross join ${made} where party.plan_id = ${planId}`)
}
