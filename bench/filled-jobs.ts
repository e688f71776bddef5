import { sql } from 'drizzle-orm'
import { connect, type Database } from '#db/client.ts'
import { buildPartner, buildStore, buildUser, grantAccess } from '#db/seed/builders.ts'
import { withIndexesRebuilt } from '#db/seed/rebuild-indexes.ts'
import { createDatabase } from './filled-databases.ts'

export type WaitingWork = { count: number; db: Database }

const due = 10

/**
 * A database in which `count` plans, texts, webhooks and mails wait, of each ten are due: a plan for its day, a text that
 * nobody collected, a webhook whose next attempt has come.
 */
export async function fillWithWaitingWork(
  cluster: { ownerUrl: string; appUrl: string },
  count: number,
): Promise<WaitingWork> {
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
  const switchTriggers = (to: 'disable' | 'enable') =>
    Promise.all(triggers.map((table) => owner.execute(sql.raw(`alter table ${table} ${to} trigger user`))))
  await switchTriggers('disable')
  // Half of the plans wait for a first use, the others for a day.
  await withIndexesRebuilt(owner, async (tx) => {
    await tx.execute(sql`
      insert into tokens (id, hash, last_characters, store_id, partner_id, predecessor_id, created_at, expires_at)
      select md5('token' || n)::uuid, sha256(('token' || n)::bytea), 'abcd', ${store.id}, ${partner.id},
        case when n > ${count}::int then md5('token' || n - ${count}::int)::uuid end,
        now() - interval '90 days' + n * interval '1 ms', now() + interval '100 days' + n * interval '1 s'
      from generate_series(1, 2 * ${count}::int) n`)
  })
  await owner.execute(sql`
    insert into retirement_plans (successor_id, token_id, retire_at, planned_at, side, user_id)
    select md5('token' || n + ${count}::int)::uuid, md5('token' || n)::uuid,
      case when n <= ${due} then now() - interval '1 hour' when n % 2 = 0 then now() + interval '30 days' end,
      now() - interval '1 day', 'partner', ${user.id}::uuid
    from generate_series(1, ${count}::int) n`)
  await owner.execute(sql`
    insert into handovers (token_id, encrypted_text, collect_until)
    select md5('token' || n + ${count}::int)::uuid, repeat('x', 90),
      now() + case when n <= ${due} then interval '-1 hour' else interval '10 days' end
    from generate_series(1, ${count}::int) n`)
  await owner.execute(sql`
    insert into token_checks (kind, token_id, due_at)
    select kind, successor_id, now() + interval '100 days' from retirement_plans
    cross join unnest(array['plan', 'text']) kind`)
  await switchTriggers('enable')
  await owner.execute(sql`
    insert into webhook_endpoints (id, store_id, url, encrypted_secret, kinds, created_at, created_by)
    select md5('endpoint' || n)::uuid, ${store.id}, 'https://receiver.example/', 'x', '{token.revoked}', now(), ${user.id}::uuid
    from generate_series(1, greatest(1, ${count}::int / 10)) n`)
  await owner.execute(sql`
    insert into webhook_deliveries (id, endpoint_id, event_id, kind, payload, created_at, next_attempt_at)
    select md5('delivery' || n)::uuid, md5('endpoint' || 1 + n % greatest(1, ${count}::int / 10))::uuid, n, 'token.revoked', '{}',
      now(), now() + case when n <= ${due} then interval '-1 minute' else interval '2 hours' end
    from generate_series(1, ${count}::int) n`)
  await owner.execute(sql`
    insert into mails (id, to_address, subject, body, created_at, attempts)
    select md5('mail' || n)::uuid, 'desk@example.com', 'Bench', 'Bench', now(), case when n <= ${due} then 0 else 1 end
    from generate_series(1, ${count}::int) n`)
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
