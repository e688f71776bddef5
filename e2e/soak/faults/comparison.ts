import type { Pool } from 'pg'
import type { ReceivedMail } from '#lib/notifications/mails/test-mail-server.ts'
import type { ReceivedWebhook } from '#lib/webhooks/delivery/test-receiver.ts'
import type { Ledger } from './ledger.ts'

/** A sentence, and what contradicts it: nothing, where all is well. */
export type Finding = { rule: string; found: string[] }

type Received = { mails: ReceivedMail[]; webhooks: ReceivedWebhook[] }

/** Compares the record with every answer that people and programs were given. */
export async function compare(
  owner: Pool,
  ledger: Ledger,
  { mails, webhooks }: Received,
): Promise<Finding[]> {
  const ids = async (text: string, values: unknown[] = []) =>
    (await owner.query<{ id: string }>(text, values)).rows.map(({ id }) => id)
  const findings: Finding[] = [
    {
      rule: 'no call with a token whose revocation was confirmed is accepted',
      found: ledger.violations.map(({ gateway, tokenId }) => `${gateway}: ${tokenId}`),
    },
    {
      rule: 'every confirmed revocation is on record',
      found: await ids(
        `select id from unnest($1::uuid[]) id where not exists (select from revocations where token_id = id)`,
        [ledger.confirmedIds()],
      ),
    },
    {
      rule: 'every revocation has one audit row',
      found: await ids(
        `select r.token_id as id from revocations r left join audit_events a
         on a.token_id = r.token_id and a.action = 'token.revoked' group by 1 having count(a.id) <> 1`,
      ),
    },
    {
      rule: 'no audit row says "revoked" of a token that is not',
      found: await ids(
        `select a.token_id as id from audit_events a where a.action = 'token.revoked'
         and not exists (select from revocations r where r.token_id = a.token_id)`,
      ),
    },
    {
      rule: 'every revocation has one event',
      found: await ids(
        `select r.token_id as id from revocations r left join events e
         on e.token_id = r.token_id and e.kind = 'token.revoked' group by 1 having count(e.id) <> 1`,
      ),
    },
    {
      rule: 'no token has two live successors',
      found: await ids(
        `select predecessor_id as id from tokens t where predecessor_id is not null
         and not exists (select from revocations r where r.token_id = t.id) group by 1 having count(*) > 1`,
      ),
    },
    { rule: 'no event waits', found: await ids(`select id::text from events where dispatched_at is null`) },
    {
      rule: 'everybody concerned has one notice of each revocation',
      found: await ids(
        `select distinct e.operation || ' ' || p.user_id as id from
           (select distinct operation_id as operation, store_id, partner_id from events where kind = 'token.revoked') e
         join (select store_id as of, user_id from store_members union all
               select partner_id, user_id from partner_members) p on p.of in (e.store_id, e.partner_id)
         left join notices n on n.operation_id = e.operation and n.user_id = p.user_id and n.kind = 'token.revoked'
         group by e.operation, p.user_id having count(distinct n.id) <> 1`,
      ),
    },
    { rule: 'no mail waits or was given up', found: await ids(`select id from mails where sent_at is null`) },
    {
      rule: 'nobody has two mails of one text',
      found: await ids(
        `select min(id::text) as id from mails where body is not null
         group by to_address, subject, body having count(*) > 1`,
      ),
    },
    {
      rule: 'every event has one delivery for each endpoint that wants it',
      found: await ids(
        `select e.id || ' ' || w.id as id from events e
         join webhook_endpoints w on (w.store_id = e.store_id or w.partner_id = e.partner_id) and e.kind = any(w.kinds)
         left join webhook_deliveries d on d.event_id = e.id and d.endpoint_id = w.id
         group by e.id, w.id having count(d.id) <> 1`,
      ),
    },
    {
      rule: 'every delivery was delivered',
      found: await ids(`select id || ' ' || state as id from webhook_deliveries where state <> 'delivered'`),
    },
  ]
  const arrived = new Set(mails.map(({ messageId }) => messageId))
  const sent = await ids(`select id from mails where sent_at is not null`)
  findings.push(
    {
      rule: 'every mail that counts as sent has arrived',
      found: sent.filter((id) => ![...arrived].some((messageId) => messageId?.includes(id))),
    },
    { rule: 'a mail that comes twice has the same Message-ID', found: copiesOfMails(mails) },
    { rule: 'a webhook that comes twice has the same bytes', found: changedBodies(webhooks) },
    {
      rule: 'every delivered webhook has arrived',
      found: await missingWebhooks(owner, webhooks),
    },
    { rule: 'a renewal is done as often as was said', found: await wrongRenewals(owner, ledger) },
    { rule: 'no call is counted twice', found: await overcounted(owner, ledger) },
  )
  return findings
}

function copiesOfMails(mails: ReceivedMail[]): string[] {
  const ids = Map.groupBy(mails, ({ to, subject, text }) =>
    JSON.stringify([[to].flat()[0]?.text, subject, text]),
  )
  return [...ids].flatMap(([mail, all]) =>
    new Set(all.map(({ messageId }) => messageId)).size > 1 ? [mail] : [],
  )
}

function changedBodies(webhooks: ReceivedWebhook[]): string[] {
  const bodies = Map.groupBy(webhooks, ({ id }) => id)
  return [...bodies].flatMap(([id, all]) => (new Set(all.map(({ body }) => body)).size > 1 ? [id] : []))
}

async function missingWebhooks(owner: Pool, webhooks: ReceivedWebhook[]): Promise<string[]> {
  const arrived = new Set(webhooks.map(({ id }) => id))
  const { rows } = await owner.query<{ id: string }>(
    `select id from webhook_deliveries where state = 'delivered'`,
  )
  return rows.map(({ id }) => id).filter((id) => ![...arrived].some((known) => known.includes(id)))
}

export async function wrongRenewals(owner: Pick<Pool, 'query'>, { renewals }: Ledger): Promise<string[]> {
  const { rows } = await owner.query<{ id: string; count: number }>(
    `select predecessor_id as id, count(*)::int as count from tokens where predecessor_id = any($1) group by 1`,
    [[...renewals.keys()]],
  )
  const done = new Map(rows.map(({ id, count }) => [id, count]))
  return [...renewals].flatMap(([id, { certain, possible }]) => {
    const count = done.get(id) ?? 0
    return count < certain || count > certain + possible
      ? [`${id}: ${count} done, ${certain} confirmed, ${possible} without an answer`]
      : []
  })
}

/** A gateway that was killed may have lost a few; none may be counted that was not sent. */
async function overcounted(owner: Pool, { calls }: Ledger): Promise<string[]> {
  const { rows } = await owner.query<{ id: string; calls: number }>(
    `select token_id as id, sum(calls)::int as calls from
       (select token_id, calls from token_usage_hours union all select token_id, calls from token_usage_days) as u
     where token_id = any($1) group by 1`,
    [[...calls.keys()]],
  )
  return rows.flatMap(({ id, calls: counted }) =>
    counted > (calls.get(id) ?? 0) ? [`${id}: ${counted} of ${calls.get(id)}`] : [],
  )
}
