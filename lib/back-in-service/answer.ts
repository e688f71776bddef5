import { currentTime } from '#db/queries/current-time.ts'
import { listLiveTokenIds } from '#db/queries/partners/access-list.ts'
import { lockAccess } from '#db/queries/partners/partner-access.ts'
import { lockIssuing, timeOfIssue } from '#db/queries/tokens/cut-offs.ts'
import {
  answerAnew,
  findRequest,
  lockRequest,
  markDeclined,
  settleRequests,
} from '#db/queries/tokens/token-requests.ts'
import type { MerchantActor } from '../access/actors.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { announce } from '../events/announce.ts'
import { found, ok, type Result, refuse } from '../result.ts'
import { makeFirstToken } from '../tokens/first-token.ts'
import type { IssueTools } from '../tokens/issue.ts'
import { countIssue, type IssueLimitRefusal } from '../tokens/issue-limit.ts'
import { hasApis } from '../tokens/model/policy.ts'

/**
 * `not-found`: no such request to the store. `access-removed`: the partner is in its list no longer. `asked-no-longer`: the campaign
 * ended, or a later one asks. `answered-already`: somebody issued a token, which is not undone by declining.
 */
export type AnswerRefusal =
  | 'not-allowed'
  | 'signed-out'
  | 'not-found'
  | 'access-removed'
  | 'asked-no-longer'
  | 'answered-already'
  | 'package-without-apis'
  | IssueLimitRefusal

type Locked = {
  access: NonNullable<Awaited<ReturnType<typeof lockAccess>>>
  request: NonNullable<Awaited<ReturnType<typeof lockRequest>>>
}

/** `tokenId`: the one that the partner has now; null where it was declined. */
export type Answered = { partnerId: string; tokenId: string | null }

/**
 * The store's answer to a partner that was cut off: a new token, valid for one year, with the APIs as they are ticked, or none. Who
 * declined may still issue while the campaign goes on. Issued twice, or by hand meanwhile, there is one token: that is the answer.
 */
export async function answerRequest(
  actor: MerchantActor,
  { requestId, answer }: { requestId: string; answer: 'issue' | 'decline' },
  { db, address, keys }: IssueTools,
): Promise<Result<Answered, AnswerRefusal>> {
  const { storeId } = actor
  return changing<Locked, Answered, AnswerRefusal, null, IssueLimitRefusal>(asChanger(actor), db, {
    first: async () => (answer === 'issue' ? countIssue(actor, { db }) : ok(null)),
    lock: async (tx) => {
      if (answer === 'issue') await lockIssuing(tx)
      const request = await findRequest(tx, actor, requestId)
      if (!request) return refuse('not-found')
      const access = await lockAccess(tx, { storeId, partnerId: request.partnerId })
      if (!access) return refuse('access-removed')
      const locked = found(await lockRequest(tx, actor, requestId))
      return locked.ok ? ok({ access, request: locked.value }) : locked
    },
    change: async (tx, { access, request }) => {
      const { partnerId } = request
      const pair = { storeId, partnerId }
      // One that was revoked since is no answer: whoever issues now means a new one.
      const isDead = request.tokenId !== null && !request.isLive
      if (request.tokenId && answer === 'decline') return refuse('answered-already')
      if (request.tokenId && !isDead) return ok({ partnerId, tokenId: request.tokenId })
      if (!request.isOpen || request.state === 'skipped') return refuse('asked-no-longer')
      if (answer === 'decline') {
        if (request.state === 'declined') return ok({ partnerId, tokenId: null })
        const at = await currentTime(tx)
        await markDeclined(tx, requestId, at, actor)
        const details = { campaignId: request.campaignId }
        await recordAudit(tx, [
          { action: 'service.declined', occurredAt: at, by: actor, ...pair, address, details },
        ])
        return ok({ partnerId, tokenId: null })
      }
      if (!hasApis(access.package)) return refuse('package-without-apis')
      const [live] = await listLiveTokenIds(tx, pair, 1)
      if (live) {
        const settled = {
          ...{ tokenId: live, way: 'by-hand' as const },
          ...{ at: await currentTime(tx), by: actor },
        }
        if (isDead) await answerAnew(tx, requestId, settled)
        await settleRequests(tx, pair, settled)
        return ok({ partnerId, tokenId: live })
      }
      const now = await timeOfIssue(tx)
      const details = { campaignId: request.campaignId }
      const { issued, event } = await makeFirstToken(
        tx,
        { ...pair, by: actor, now, address, way: 'answer', details },
        keys,
      )
      if (isDead) await answerAnew(tx, requestId, { tokenId: issued.id, way: 'answer', at: now, by: actor })
      await announce(tx, [{ ...event, kind: 'service.issued', details }])
      return ok({ partnerId, tokenId: issued.id })
    },
  })
}
