import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { giveUpWaiting } from '#db/queries/notifications/webhook-deliveries.ts'
import { updateEndpoint } from '#db/queries/notifications/webhook-endpoints.ts'
import {
  listBulkPlansBy,
  listCampaignsBy,
  listEndpointsBy,
  listPlansBy,
  listTokensCollectedBy,
  lockOpenPlans,
} from '#db/queries/people/belongings.ts'
import { listCredentialsBy } from '#db/queries/people/service-credentials.ts'
import { settlePlans } from '#db/queries/tokens/retirement-plans.ts'
import type { Actor, Role } from '../access/actor.ts'
import { changingIn } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { endCampaignIn } from '../back-in-service/end.ts'
import { revokeCredentialIn } from '../credentials/revoke.ts'
import { endConfirmedPlan } from '../plans/end.ts'
import type { PlanKind } from '../plans/kinds.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type RevocationRefusal, revocationOf } from '../tokens/revoke.ts'
import { recordWebhookChange } from '../webhooks/record-change.ts'
import { maxBelongings, maxEnded } from './limits.ts'

/**
 * What hangs on a membership and would outlive it. Invitations end with it; notices are hidden; sessions show nothing of the
 * store or partner any more.
 */
export type Belongings = {
  webhooks: { id: string; url: string }[]
  plans: { tokenId: string; lastCharacters: string }[]
  /** Of many tokens together, confirmed by the person: announced, or under way. */
  bulkPlans: { id: string; kind: PlanKind; tokens: number }[]
  /** For new tokens after a cut-off, started by the person. */
  campaigns: { id: string; startedAt: Date }[]
  /** Whose text the person was shown. */
  tokens: { id: string; lastCharacters: string }[]
  /** Live service credentials that the person made, and was shown. */
  credentials: { id: string; name: string; lastCharacters: string }[]
}

export const belongingKinds = [
  'webhooks',
  'plans',
  'bulkPlans',
  'campaigns',
  'tokens',
  'credentials',
] as const
export type BelongingKind = (typeof belongingKinds)[number]

export const nothing: Belongings = {
  ...{ webhooks: [], plans: [], bulkPlans: [], campaigns: [], tokens: [] },
  credentials: [],
}

export const isEmpty = (belongings: Belongings) =>
  belongingKinds.every((kind) => belongings[kind].length === 0)

/**
 * Of one member of the actor's store or partner; {@link maxBelongings} of a kind at most.
 * @param becomes what they are from then on; none: they are removed. Administrators go on as before but for what only owners make.
 */
export async function belongingsOf(
  actor: Actor,
  { userId, becomes }: { userId: string; becomes?: Role },
  { db }: { db: Queryable },
): Promise<Belongings> {
  const of = { scope: actor, userId }
  const credentials = becomes === 'owner' ? [] : await listCredentialsBy(db, of, maxBelongings)
  if (becomes === 'owner' || becomes === 'administrator') return { ...nothing, credentials }
  const webhooks = await listEndpointsBy(db, of, maxBelongings)
  const plans = await listPlansBy(db, of, maxBelongings)
  const bulkPlans = await listBulkPlansBy(db, of, maxBelongings)
  const campaigns = await listCampaignsBy(db, of, maxBelongings)
  const tokens = await listTokensCollectedBy(db, of, maxBelongings)
  return { webhooks, plans, bulkPlans, campaigns, tokens, credentials }
}

type Ending = { userId: string; end: BelongingKind[]; address: string | null }

/**
 * Ends what was ticked: disables the webhooks, cancels or stops the plans, ends the campaigns, revokes the tokens and credentials. Plans and campaigns are
 * locked before the access list, as everybody does it. A refusal comes before anything is written.
 * @param tx that ends the membership, before it does: who waits for the tokens may hold the member's own row.
 */
export async function endBelongings(
  tx: Queryable,
  actor: Actor,
  { userId, end, address }: Ending,
): Promise<Result<null, RevocationRefusal>> {
  if (end.length === 0) return ok(null)
  const of = { scope: actor, userId }
  const ofMany = end.filter((kind) => kind === 'bulkPlans' || kind === 'campaigns')
  if (ofMany.length > 0) {
    const refusal = asChanger(actor).refusal ?? (await asChanger(actor).refusalNow(tx))
    if (refusal) return refuse(refusal)
  }
  for (const { id: planId } of ofMany.includes('bulkPlans') ? await listBulkPlansBy(tx, of, maxEnded) : [])
    await endConfirmedPlan(tx, actor, { planId, address })
  if (actor.side === 'partner' && ofMany.includes('campaigns'))
    for (const { id: campaignId } of await listCampaignsBy(tx, of, maxEnded))
      await endCampaignIn(tx, actor, { campaignId, address })
  const listed = end.includes('plans') ? await listPlansBy(tx, of, maxEnded) : []
  const open = await lockOpenPlans(
    tx,
    listed.map(({ successorId }) => successorId),
  )
  const collected = end.includes('tokens') ? await listTokensCollectedBy(tx, of, maxEnded) : []
  if (collected.length > 0) {
    const tokenIds = collected.map(({ id }) => id)
    const note = 'Collected by somebody who no longer works here'
    const chosen = { tokenIds, extent: 'chosen', reason: 'other', note } as const
    const revocation = revocationOf(actor, { ...chosen, tokenIds }, { address })
    const revoked = await changingIn(tx, asChanger(actor), revocation)
    if (!revoked.ok) return refuse(revoked.refusal)
  }
  const now = await currentTime(tx)
  const plans = listed.filter(({ successorId }) => open.has(successorId))
  await settlePlans(
    tx,
    plans.map(({ successorId }) => successorId),
    now,
  )
  await recordAudit(
    tx,
    plans.map(({ successorId, tokenId, storeId, partnerId }) => ({
      ...{ action: 'token.retirement-cancelled' as const, occurredAt: now, by: actor },
      ...{ storeId, partnerId, tokenId, address, details: { successorId } },
    })),
  )
  for (const { id, url } of end.includes('webhooks') ? await listEndpointsBy(tx, of, maxEnded) : []) {
    await updateEndpoint(tx, id, { disabledAt: now })
    await giveUpWaiting(tx, id)
    const changed = { action: 'webhook.changed', change: 'disabled', by: actor } as const
    await recordWebhookChange(tx, { ...changed, address, endpointId: id, url })
  }
  for (const { id: credentialId } of end.includes('credentials')
    ? await listCredentialsBy(tx, of, maxEnded)
    : [])
    await revokeCredentialIn(tx, actor, { credentialId, address })
  return ok(null)
}

/** As the verbs of members say it: tokens that ended meanwhile are no reason to stop. */
export function refusalOfEnding(refusal: RevocationRefusal): 'not-allowed' | 'not-found' | 'signed-out' {
  return refusal === 'too-many-siblings' ? 'not-found' : refusal
}
