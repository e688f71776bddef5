import { findNamesOfExtent, reviewExtent } from '#db/queries/tokens/cut-offs.ts'
import { listOlderGateways } from '#db/queries/verification/gateway-processes.ts'
import type { Actor } from '../access/actor.ts'
import { mayChangeTokens } from '../access/actor.ts'
import type { Operator } from '../access/operators.ts'
import type { Database } from '../process/database.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type CutOffExtent, extentOf } from './extent.ts'
import { maxReviewed, oldGatewayGoneAfterMs } from './limits.ts'

/** Counted up to `count`; `isMore`: there are more, or there may be. */
export type Counted = { count: number; isMore: boolean }

export type CutOffReview = CutOffExtent & {
  storeName: string
  partnerName: string
  /** Live ones. */
  tokens: Counted
  /** Stores, or partners, with which they are; 1 of a pair. */
  others: Counted
  /** Of the tokens, those with an accepted call in the last 24 hours. */
  usedLastDay: Counted
  /** Accepted ones with the tokens in the last 24 hours: counted by whole hours, the first of which may have begun earlier. */
  callsLastDay: Counted
  /** Gateways of the version before that are alive: while there is one, nothing can be cut off. */
  olderGateways: string[]
}

/** What would end: the cost is that of 10,000 tokens at most, however many there are. */
export async function reviewCutOff(
  actor: Actor,
  { otherId }: { otherId?: string | undefined },
  { db }: { db: Database },
): Promise<Result<CutOffReview, 'not-allowed' | 'not-found'>> {
  const may = otherId === undefined ? actor.role === 'owner' : mayChangeTokens(actor)
  return may ? reviewOf(extentOf(actor, otherId), db) : refuse('not-allowed')
}

/** The same for an operator of the platform. */
export function reviewOperatorCutOff(
  _operator: Operator,
  { of, id }: { of: 'store' | 'partner'; id: string },
  { db }: { db: Database },
): Promise<Result<CutOffReview, 'not-found'>> {
  return reviewOf(of === 'store' ? { storeId: id, partnerId: '' } : { storeId: '', partnerId: id }, db)
}

async function reviewOf(extent: CutOffExtent, db: Database): Promise<Result<CutOffReview, 'not-found'>> {
  const names = await findNamesOfExtent(db, extent)
  if (!names) return refuse('not-found')
  const { looked, tokens, others, used, calls } = await reviewExtent(db, extent, maxReviewed + 1)
  const isMore = looked > maxReviewed
  const counted = (count: number): Counted => ({ count, isMore })
  const older = await listOlderGateways(db, { knowing: 'cut-offs', withinMs: oldGatewayGoneAfterMs })
  return ok({
    ...extent,
    ...names,
    tokens: counted(tokens),
    others: extent.storeId && extent.partnerId ? { count: others, isMore: false } : counted(others),
    usedLastDay: counted(used),
    callsLastDay: counted(calls),
    olderGateways: older.map(({ name }) => name),
  })
}
