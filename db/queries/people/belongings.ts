import { sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { auditEvents } from '../../schema/audit-events.ts'
import { bulkPlanBooks, bulkPlanConfirmations, bulkPlans, type planKinds } from '../../schema/bulk-plans.ts'
import { campaigns } from '../../schema/campaigns.ts'
import { handovers } from '../../schema/handovers.ts'
import { retirementPlans } from '../../schema/retirement-plans.ts'
import { tokens } from '../../schema/tokens.ts'
import { webhookEndpoints } from '../../schema/webhook-endpoints.ts'
import { inScope, type Party } from '../party.ts'
import { isNotRevoked } from '../tokens/ends.ts'

type Of = { scope: Party; userId: string }

/**
 * Enabled webhooks of the store or partner that the person added, or whose address or secret the person was the last to set:
 * a colleague's webhook may lead to a server of theirs.
 */
export async function listEndpointsBy(db: Queryable, { scope, userId }: Of, limit: number) {
  const lastSetBy = (change: 'address-and-kinds' | 'secret') => sql`(
    select audit.user_id from ${auditEvents} audit
    where ${inAudit(scope)} and audit.action = 'webhook.changed' and audit.details ->> 'change' = ${change}
      and audit.details ->> 'endpointId' = ${webhookEndpoints}.id::text
    order by audit.id desc limit 1)`
  const { rows } = await db.execute<{ id: string; url: string }>(sql`
    select id, url from ${webhookEndpoints}
    where ${inScope(scope, webhookEndpoints)} and removed_at is null and disabled_at is null
      and (created_by = ${userId} or ${lastSetBy('address-and-kinds')} = ${userId} or ${lastSetBy('secret')} = ${userId})
    order by id limit ${limit}`)
  return rows
}

/** What the store or partner did for itself, by the index of it. */
function inAudit(scope: Party) {
  return scope.side === 'merchant'
    ? sql`audit.token_id is null and audit.store_id = ${scope.storeId} and audit.partner_id is null`
    : sql`audit.token_id is null and audit.partner_id = ${scope.partnerId} and audit.store_id is null`
}

/** A name on record without a role: it was a program. Rows of before names were kept have neither. */
const byPerson = sql`(plan.user_name is null or plan.user_role is not null)`

/** Open plans to retire a token that the person made for this side, in the order in which everybody locks them. Not those of their programs. */
export async function listPlansBy(db: Queryable, { scope, userId }: Of, limit: number) {
  const { rows } = await db.execute<{
    successorId: string
    tokenId: string
    lastCharacters: string
    storeId: string
    partnerId: string
  }>(sql`
    select plan.successor_id as "successorId", plan.token_id as "tokenId", ${tokens}.last_characters as "lastCharacters",
      ${tokens}.store_id as "storeId", ${tokens}.partner_id as "partnerId"
    from ${retirementPlans} plan join ${tokens} on ${tokens}.id = plan.token_id
    where ${inScope(scope, tokens)} and plan.user_id = ${userId} and plan.side = ${scope.side} and plan.settled_at is null and ${byPerson}
    order by plan.successor_id limit ${limit}`)
  return rows
}

/** Nobody settles them until we commit; those that somebody has settled meanwhile are left out. */
export async function lockOpenPlans(tx: Queryable, successorIds: string[]): Promise<Set<string>> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select successor_id as id from ${retirementPlans}
    where settled_at is null and successor_id in (
      select value::uuid from jsonb_array_elements_text(${JSON.stringify(successorIds)}::jsonb))
    order by successor_id for update`)
  return new Set(rows.map(({ id }) => id))
}

/** Live tokens whose text the person was shown for this side. */
export async function listTokensCollectedBy(db: Queryable, { scope, userId }: Of, limit: number) {
  const { rows } = await db.execute<{ id: string; lastCharacters: string }>(sql`
    select ${tokens}.id, ${tokens}.last_characters as "lastCharacters"
    from ${handovers} join ${tokens} on ${tokens}.id = ${handovers}.token_id
    where ${handovers}.collected_by = ${userId} and ${handovers}.collected_by_credential is null and ${handovers}.collected_from = ${scope.side} and ${inScope(scope, tokens)}
      and ${tokens}.expires_at > clock_timestamp() and ${isNotRevoked('tokens')}
    order by ${tokens}.id limit ${limit}`)
  return rows
}

/** Plans of this side that the person confirmed and that are not done, cancelled or stopped, in the order in which they are locked. */
export async function listBulkPlansBy(db: Queryable, { scope, userId }: Of, limit: number) {
  const { rows } = await db.execute<{ id: string; kind: (typeof planKinds)[number]; tokens: number }>(sql`
    select made.plan_id as id, made.kind, ${bulkPlans.tokens}::int as tokens
    from ${bulkPlanConfirmations} made join ${bulkPlans} on ${bulkPlans.id} = made.plan_id
      join ${bulkPlanBooks} books on books.plan_id = made.plan_id
    where ${bulkPlans.side} = ${scope.side} and ${inScope(scope, bulkPlans)} and made.user_id = ${userId}
      and made.credential_id is null and books.finished_at is null
    order by made.plan_id limit ${limit}`)
  return rows
}

/** Campaigns of the partner that the person started and that go on. Stores have none. */
export async function listCampaignsBy(db: Queryable, { scope, userId }: Of, limit: number) {
  if (scope.side === 'merchant') return []
  const { rows } = await db.execute<{ id: string; startedAt: string }>(sql`
    select id, started_at as "startedAt" from ${campaigns}
    where partner_id = ${scope.partnerId} and user_id = ${userId} and ended_at is null and ends_at > clock_timestamp()
    order by id limit ${limit}`)
  return rows.map(({ id, startedAt }) => ({ id, startedAt: new Date(startedAt) }))
}
