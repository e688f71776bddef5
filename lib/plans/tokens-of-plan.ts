import type { Queryable } from '#db/client.ts'
import { findPlan, listTokensOfPlan, type PlannedId, type PlanRow } from '#db/queries/plans/bulk-plans.ts'
import { readTokensInOrder } from '#db/queries/tokens/tokens.ts'
import type { Actor } from '../access/actor.ts'
import { type Batches, byKey } from '../downloads/batches.ts'
import { readPage } from '../http/paging.ts'
import type { Database } from '../process/database.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import type { PlanKind } from './kinds.ts'

/** A token of a plan as it is now. `kind`: what the plan does, null where nobody confirmed it; `isDealtWith`: it came to it; `why` it was left. */
export type PlannedToken = Pick<PlannedId, 'isDealtWith' | 'why'> & { kind: PlanKind | null; token: Token }

/**
 * Every token of the plan, in the order of the ids; of a plan of the other side the actor's own. Null: there is no such plan for them. None
 * once its ids are deleted.
 */
export async function tokensOfPlan(
  actor: Actor,
  planId: string,
  { db }: { db: Database },
): Promise<Batches<PlannedToken> | null> {
  const plan = await findPlan(db, actor, planId)
  return plan ? batchesOf(actor, plan) : null
}

/** The same, `size` of them behind the id `after`, and the id behind which there are more. */
export async function readTokensOfPlan(
  actor: Actor,
  { planId, after }: { planId: string; after: string | undefined },
  { db, size }: { db: Database; size: number },
): Promise<{ rows: PlannedToken[]; next: string | null } | null> {
  const plan = await findPlan(db, actor, planId)
  if (!plan) return null
  const { rows, next } = await readPage({ size }, (limit) => readTokens(db, actor, plan, { after, limit }))
  return { rows, next: next?.token.id ?? null }
}

function batchesOf(actor: Actor, plan: PlanRow): Batches<PlannedToken> {
  return byKey<PlannedToken, string>(
    (snapshot, page) => readTokens(snapshot, actor, plan, page),
    ({ token }) => token.id,
  )
}

async function readTokens(
  db: Queryable,
  actor: Actor,
  { id: planId, confirmation }: PlanRow,
  page: { after: string | undefined; limit: number },
): Promise<PlannedToken[]> {
  const kind = confirmation?.kind ?? null
  const planned = await listTokensOfPlan(db, actor, { planId, ...page })
  const rows = await readTokensInOrder(
    db,
    actor,
    planned.map(({ id }) => id),
  )
  const tokens = new Map(rows.map((row) => [row.id, describeToken(row)]))
  return planned.flatMap(({ id, isDealtWith, why }) => {
    const token = tokens.get(id)
    return token ? [{ kind, isDealtWith, why, token }] : []
  })
}
