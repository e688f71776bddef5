import type { PoolClient } from 'pg'
import { connect } from '#db/client.ts'
import { lookUpSettings, lookUpStatement } from '#db/queries/verification/look-up-tokens.ts'
import type { FilledDatabase } from '../filled-databases.ts'
import type { Results } from '../results.ts'
import { median, ratioOf } from '../statistics.ts'

const limit = 1.05

/** The look-up of the release before cut-offs and pauses, in its own words (commit fb50e21). */
const before = `
  select concat_ws(' ', asked.number, tokens.id, tokens.store_id, tokens.partner_id,
    (select package from public.stores where stores.id = tokens.store_id),
    date_part('epoch', tokens.created_at), date_part('epoch', tokens.expires_at),
    (select true from public.revocations where revocations.token_id = tokens.id) is not null,
    tokens.expires_at <= statement_timestamp(),
    (select array_to_string(apis, ',') from public.partner_access
      where partner_access.store_id = tokens.store_id and partner_access.partner_id = tokens.partner_id))
  from unnest($1::bytea[]) with ordinality as asked (hash, number)
  join public.tokens on tokens.hash = asked.hash`
const statements = { before, now: lookUpStatement }

const batches = [1, 16, 256]
const manyCutOffs = [0, 10, 1_000]

/** Both look-ups take turns on one connection, with cut-offs of others in the table. */
export async function measureLookUps(filled: FilledDatabase, rounds: number, results: Results) {
  const { ownerUrl, ids } = filled
  const tokens = ids.length.toLocaleString('en')
  const owner = connect({ url: ownerUrl, applicationName: 'bench', role: 'owner', maxConnections: 1 })
  const { rows } = await owner.$client.query('select hash from tokens order by md5(id::text) limit 4096')
  const hashes = rows.map(({ hash }) => hash as Buffer)
  const client = await owner.$client.connect()
  await client.query(lookUpSettings)
  console.log(
    `\n| look-up among ${tokens} tokens | cut-offs | now : before | | before, ms | now, ms |\n|---|---|---|---|---|---|`,
  )
  for (const cutOffs of manyCutOffs) {
    await client.query(
      `insert into cut_offs (id, store_id, partner_id, at, side, reason)
       select gen_random_uuid(), 'other-' || n, '', now(), 'partner', 'exposed'
       from generate_series(1, $1 - (select count(*)::int from cut_offs)) n`,
      [cutOffs],
    )
    await client.query('analyze cut_offs')
    await client.query('discard plans')
    for (const batch of batches.filter((size) => size === 1 || size <= hashes.length)) {
      const times = await inTurns(client, { hashes, batch, rounds, name: `${cutOffs}` })
      const { ratio, lowest, highest } = ratioOf(times.now, times.before)
      const what = `look-up, ${batch} at once, ${cutOffs.toLocaleString('en')} cut-offs, ${tokens} tokens`
      results.limit(what, { measured: ratio, atMost: limit })
      results.add(what, {
        ...{ ratio, lowest, highest, 'before, ms': median(times.before), 'now, ms': median(times.now) },
      })
      console.log(
        `| ${batch} at once | ${cutOffs.toLocaleString('en')} | **${ratio.toFixed(3)}** (${lowest.toFixed(2)}–${highest.toFixed(2)}) | ${ratio <= limit ? 'ok' : `above ${limit}`} | ${median(times.before).toFixed(3)} | ${median(times.now).toFixed(3)} |`,
      )
    }
  }
  client.release()
  await owner.$client.end()
}

type Turns = { hashes: Buffer[]; batch: number; rounds: number; name: string }

async function inTurns(client: PoolClient, { hashes, batch, rounds, name }: Turns) {
  const times: Record<keyof typeof statements, number[]> = { before: [], now: [] }
  for (let round = -20; round < rounds; round++) {
    const from = ((round + 20) * 7) % (hashes.length - batch + 1)
    const wanted = [hashes.slice(from, from + batch)]
    const order = round % 2 === 0 ? (['before', 'now'] as const) : (['now', 'before'] as const)
    for (const which of order) {
      const since = performance.now()
      await client.query({ name: `${which}-${name}`, text: statements[which], values: wanted })
      if (round >= 0) times[which].push(performance.now() - since)
    }
  }
  return times
}
