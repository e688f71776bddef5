import type { Actor } from '../access/actor.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { IssueTools } from './issue.ts'
import type { IssuedToken } from './model/issued-token.ts'
import type { RenewalObstacle } from './model/renewable.ts'
import { type RenewalsRefusal, renewTokens } from './renew.ts'

export type RenewRefusal = RenewalsRefusal | RenewalObstacle

/** {@link renewTokens} of one: what it is left out for is a refusal. */
export async function renewToken(
  actor: Actor,
  { tokenId, ...renewal }: Omit<Parameters<typeof renewTokens>[1], 'tokenIds'> & { tokenId: string },
  tools: IssueTools,
): Promise<Result<IssuedToken, RenewRefusal>> {
  const result = await renewTokens(actor, { ...renewal, tokenIds: [tokenId] }, tools)
  if (!result.ok) return result
  const { renewed, leftOut } = result.value
  const [done] = renewed
  if (done) return ok({ id: done.successor.id, expiresAt: done.successor.expiresAt })
  return refuse(leftOut[0]?.obstacle ?? 'not-found')
}
