import { v7 as uuidv7 } from 'uuid'
import { currentTime } from '#db/queries/current-time.ts'
import { commitWithoutStandby } from '#db/queries/database/standby.ts'
import { asMoment } from '#db/queries/keyset.ts'
import { lockAccessOfTokens } from '#db/queries/partners/partner-access.ts'
import { insertResumes, listTokensToResume, type ResumeObstacle } from '#db/queries/tokens/pauses.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import { reportResumes } from '#db/revocation-reports.ts'
import { afterCommit } from '#db/transaction.ts'
import { type Actor, detailsOfActing, recordedActing } from '../access/actor.ts'
import { changing } from '../access/changing.ts'
import { asChanger } from '../access/rights.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { describeToken, type Token } from '../tokens/model/token.ts'
import { lastResumeSeconds } from './limits.ts'

export type { ResumeObstacle }

export type ResumeOutcome = {
  /** Resumed now, by this call. One that the other side has paused as well is still refused. */
  resumed: Token[]
  /** Chosen, and left as they were, with why. `ends-now`: its pause revokes it within {@link lastResumeSeconds}. `paused-since`: anew. */
  leftOut: { token: Token; obstacle: ResumeObstacle }[]
  missing: number
}

/** `not-allowed`: a viewer. `not-found`: none of the choice is the actor's. */
export type ResumeRefusal = 'signed-out' | 'not-allowed' | 'not-found'

/**
 * Ends the pauses of the actor's side of the chosen tokens. Those of the other side stay: it alone ends them.
 * @param seenAt pauses begun later are not ended: whoever resumes has not seen them, such as from a dialog that stood open.
 */
export async function resumeTokens(
  actor: Actor,
  { tokenIds, seenAt }: { tokenIds: string[]; seenAt?: Date | undefined },
  { db, address }: { db: Database; address: string | null },
): Promise<Result<ResumeOutcome, ResumeRefusal>> {
  const done = await changing(asChanger(actor), db, {
    lock: async (tx) => {
      const pairs = await lockAccessOfTokens(tx, actor, tokenIds)
      return pairs.length === 0 ? refuse('not-found') : ok(pairs)
    },
    change: async (tx) => {
      const limits = { lastSeconds: lastResumeSeconds, seenAt: seenAt ? asMoment(seenAt) : null }
      const found = await listTokensToResume(tx, actor, { tokenIds, ...limits })
      const pausesToEnd = found.flatMap(({ id, number, obstacle }) =>
        number !== null && obstacle === null ? [{ id, number }] : [],
      )
      if (pausesToEnd.length === 0) return ok({ found, ended: [] })
      // Waiting for a standby could go on beyond the end. Lost with the primary, it leaves the token paused: that is the safe side.
      if (found.some(({ endsAs, obstacle }) => endsAs === 'revoked' && obstacle === null))
        await commitWithoutStandby(tx)
      const { userId } = actor
      const by = { ...recordedActing(actor), details: detailsOfActing(actor) }
      const at = await currentTime(tx)
      const ended = await insertResumes(tx, actor, {
        ...{ pausesToEnd, operationId: uuidv7(), at, ...by, address },
      })
      const pauses = pausesToEnd.filter(({ id }) => ended.includes(id))
      if (pauses.length > 0)
        afterCommit(() => reportResumes({ pauses, resumedAt: at, side: actor.side, userId }))
      return ok({ found, ended })
    },
  })
  if (!done.ok) return done
  const tokens = new Map((await findTokens(db, actor, tokenIds)).map((row) => [row.id, describeToken(row)]))
  const { found, ended } = done.value
  const outcome: ResumeOutcome = { resumed: [], leftOut: [], missing: tokenIds.length - found.length }
  for (const { id, endsAs, obstacle } of found) {
    const token = tokens.get(id)
    if (!token) continue
    if (ended.includes(id)) outcome.resumed.push(token)
    // Its end came in between.
    else outcome.leftOut.push({ token, obstacle: obstacle ?? (endsAs === 'revoked' ? endsAs : 'not-paused') })
  }
  return ok(outcome)
}
