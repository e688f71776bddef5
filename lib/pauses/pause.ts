import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { currentTime } from '#db/queries/current-time.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import {
  insertPauses,
  listTokensToPause,
  type PauseObstacle,
  type WrittenPause,
} from '#db/queries/tokens/pauses.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import { listOlderGateways } from '#db/queries/verification/gateway-processes.ts'
import { reportPauses } from '#db/revocation-reports.ts'
import { afterCommit, type OnStandby } from '#db/transaction.ts'
import { type Actor, detailsOfActing, recordedActing } from '../access/actor.ts'
import { committing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import { oldGatewayGoneAfterMs } from '../cut-offs/limits.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { dayMs, minuteMs } from '../time/units.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import { longestPauseDays, pausesOfTokenADay, shortestPauseMinutes } from './limits.ts'
import type { PauseEnd, PauseInput, PauseUntil } from './schemas.ts'

export type { PauseObstacle }

export type PauseOutcome = {
  /** Paused now, by this call, as they are now. A token's own end is never later than its expiry. */
  paused: Token[]
  /** Chosen, and left as they were, with why. */
  leftOut: { token: Token; obstacle: PauseObstacle }[]
  /** How many of the choice are not tokens of this store or partner. */
  missing: number
  endsAs: PauseEnd
  /** As of a revocation. */
  onStandby: OnStandby
}

/** With what proves it, and keeps the proof. */
export type PauseDone = PauseOutcome & { pauses: WrittenPause[] }

/**
 * `not-allowed`: a viewer. `not-found`: none of the choice is the actor's. `pause-too-short`, `pause-too-long`: less than
 * {@link shortestPauseMinutes} or more than {@link longestPauseDays}. `older-gateways`: a gateway of the version before is alive, which
 * would go on accepting the tokens.
 */
export type PauseRefusal =
  | 'signed-out'
  | 'not-allowed'
  | 'not-found'
  | 'pause-too-short'
  | 'pause-too-long'
  | 'older-gateways'

export const pauseLimits = { shortestMinutes: shortestPauseMinutes, aDay: pausesOfTokenADay }

/**
 * Stops the chosen tokens for a while: all that are live and not paused by the actor's side, with one audit row each, in one transaction, or
 * nothing. Once it answers, no call with them is accepted until the end; then they work again, or are revoked as of that moment, whoever is
 * at work then (docs/decisions/023-pauses.md).
 * @param address where the request came from, for the record.
 */
export async function pauseTokens(
  actor: Actor,
  { tokenIds, until, endsAs, reason, note }: PauseInput,
  { db, address }: { db: Database; address: string | null },
): Promise<Result<PauseDone, PauseRefusal>> {
  const { value: written, onStandby } = await committing(asChanger(actor), db, {
    lock: (tx) => lockToPause(tx, actor, tokenIds),
    change: async (tx) => {
      const at = await currentTime(tx)
      const end = endOf(until, at)
      if (!end.ok) return end
      const found = await listTokensToPause(tx, actor, { tokenIds, at, limits: pauseLimits })
      const by = { ...recordedActing(actor), details: detailsOfActing(actor) }
      const operationId = uuidv7()
      const pauses = await insertPauses(tx, actor, {
        ...{ tokenIds: found.flatMap(({ id, obstacle }) => (obstacle ? [] : [id])), operationId, at },
        ...{ endsAt: end.value, endsAs, reason, note, ...by, address },
      })
      if (pauses.length > 0)
        afterCommit(() =>
          reportPauses({ pauses, begunAt: at, side: actor.side, userId: actor.userId, endsAs, reason }),
        )
      return ok({ pauses, found })
    },
  })
  if (!written.ok) return written
  const { pauses, found } = written.value
  const tokens = new Map((await findTokens(db, actor, tokenIds)).map((row) => [row.id, describeToken(row)]))
  return ok({
    paused: pauses.flatMap(({ tokenId }) => tokens.get(tokenId) ?? []),
    leftOut: found.flatMap(({ id, obstacle }) => {
      const token = tokens.get(id)
      return token && obstacle ? [{ token, obstacle }] : []
    }),
    missing: tokenIds.length - found.length,
    ...{ endsAs, pauses, onStandby },
  })
}

async function lockToPause(
  tx: Queryable,
  actor: Actor,
  tokenIds: string[],
): Promise<Result<unknown, 'not-found' | 'older-gateways'>> {
  const older = await listOlderGateways(tx, { knowing: 'pauses', withinMs: oldGatewayGoneAfterMs })
  if (older.length > 0) return refuse('older-gateways')
  const pairs = await lockAccessOfTokens(tx, actor, tokenIds)
  return pairs.length === 0 ? refuse('not-found') : ok(pairs)
}

/** By the database's clock. */
export function endOf(until: PauseUntil, now: Date): Result<Date, 'pause-too-short' | 'pause-too-long'> {
  const end = 'at' in until ? until.at : new Date(now.getTime() + until.lengthMs)
  const lengthMs = end.getTime() - now.getTime()
  if (!(lengthMs >= shortestPauseMinutes * minuteMs)) return refuse('pause-too-short')
  return lengthMs <= longestPauseDays * dayMs ? ok(end) : refuse('pause-too-long')
}
