import { sql } from 'drizzle-orm'
import { connect } from '#db/client.ts'
import { buildPartner, buildStore, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { withIndexesRebuilt } from '#tools/seed/rebuild-indexes.ts'
import { createDatabase } from './filled-databases.ts'
import type { Filled } from './growth.ts'

const due = 10
const tables = [
  ...['tokens', 'retirement_plans', 'handovers', 'token_checks'],
  ...['webhook_endpoints', 'webhook_deliveries', 'mails'],
]
/** Of row `n`, in order: a primary key grows at its end, which is quick. `kind` keeps those of the tables apart. */
const id = (kind: number, n = sql`n`) => sql`(${`${kind}`} || lpad(to_hex(${n}), 31, '0'))::uuid`

/**
 * A database in which `count` plans, texts, webhooks and mails wait, of each ten are due: a plan for its day, a text that
 * nobody collected, a webhook whose next attempt has come, a mail to queue and one to give up. Of twice as many tokens ten
 * have just expired; the others were reminded 30 days before their end.
 */
export async function fillWithWaitingWork(
  cluster: { ownerUrl: string; appUrl: string },
  count: number,
): Promise<Filled> {
  const urls = await createDatabase(cluster, `bench_jobs_${count}`)
  const owner = connect({
    url: urls.ownerUrl,
    applicationName: 'partner-tokens bench filling',
    role: 'owner',
    maxConnections: 1,
    queryTimeoutMs: 1_200_000,
  })
  const [user, store, partner] = [await buildUser(owner), await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  const triggers = ['retirement_plans', 'handovers']
  const switchTriggers = async (to: 'disable' | 'enable') => {
    for (const table of triggers) await owner.execute(sql.raw(`alter table ${table} ${to} trigger user`))
  }
  const successor = id(1, sql`n + ${count}::int`)
  const endpoints = Math.max(1, Math.floor(count / 10))
  await switchTriggers('disable')
  await withIndexesRebuilt(
    owner,
    async (tx) => {
      await tx.execute(sql`
        insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
        select ${id(1)}, sha256(int4send(n)), 'abcd', ${store.id}, ${partner.id},
          case when n > ${count}::int then ${id(1, sql`n - ${count}::int`)} end,
          now() - interval '90 days' + n * interval '1 ms',
          case when n > ${count}::int then now() + interval '100 days'
            when n > ${count}::int - ${due} then now() - interval '1 minute'
            else now() + interval '23 days' + n % 500000 * interval '1 s' end
        from generate_series(1, 2 * ${count}::int) n`)
      // Half of the plans wait for a first use, the others for a day.
      await tx.execute(sql`
        insert into retirement_plans (successor_id, token_id, retire_at, planned_at, side, user_id)
        select ${successor}, ${id(1)},
          case when n <= ${due} then now() - interval '1 hour' when n % 2 = 0 then now() + interval '30 days' end,
          now() - interval '1 day', 'partner', ${user.id}::uuid
        from generate_series(1, ${count}::int) n`)
      await tx.execute(sql`
        insert into handovers (token_id, encrypted_text, collect_until)
        select ${successor}, repeat('x', 90),
          now() + case when n <= ${due} then interval '-1 hour' else interval '10 days' end
        from generate_series(1, ${count}::int) n`)
      for (const kind of ['plan', 'text']) {
        await tx.execute(sql`
          insert into token_checks (kind, token_id, due_at)
          select ${kind}, ${successor}, now() + interval '100 days' from generate_series(1, ${count}::int) n`)
      }
      await tx.execute(sql`
        insert into webhook_endpoints (id, store_id, url, encrypted_secret, kinds, created_at, created_by)
        select ${id(2)}, ${store.id}, 'https://receiver.example/', 'x', '{token.revoked}', now(), ${user.id}::uuid
        from generate_series(1, ${endpoints}::int) n`)
      await tx.execute(sql`
        insert into webhook_deliveries (id, endpoint_id, event_id, kind, payload, created_at, next_attempt_at)
        select ${id(3)}, ${id(2, sql`1 + n % ${endpoints}::int`)}, n, 'token.revoked', '{}',
          now(), now() + case when n <= ${due} then interval '-1 minute' else interval '2 hours' end
        from generate_series(1, ${count}::int) n`)
      // Of those that were tried ten have no job any more.
      await tx.execute(sql`
        insert into mails (id, to_address, subject, body, created_at, attempts, next_look_at)
        select ${id(4)}, 'desk@example.com', 'Bench', 'Bench', now(), case when n <= ${due} then 0 else 1 end,
          case when n > 2 * ${due} then now() + interval '2 hours' when n > ${due} then now() - interval '1 minute' end
        from generate_series(1, ${count}::int) n`)
    },
    tables,
  )
  await switchTriggers('enable')
  await owner.execute(sql`vacuum analyze`)
  await owner.$client.end()
  const db = connect({
    url: urls.appUrl,
    applicationName: 'partner-tokens bench',
    maxConnections: 2,
    queryTimeoutMs: 120_000,
  })
  return { count, db }
}
