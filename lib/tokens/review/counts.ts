import { countTokens } from '#db/queries/tokens/token-counts.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { expiringWithinDays } from '../limits.ts'
import type { Show } from './list-query.ts'

/** Exact, or, where there may be `more`, what was found when counting went no further. */
export type Count = { count: number; more: 'no' | 'maybe' }

export type TokenCounts = Record<Show, Count> & {
  /** Of the live tokens: how many partners, or stores, they belong to. */
  parties: Count
}

/** Nobody reads a number beyond it, and nobody waits for it. */
export const countedExactly = 10_000

/** How many tokens each tab of the actor's list holds. One query, which reads no more however many there are. */
export async function countOwnTokens(actor: Actor, { db }: { db: Database }): Promise<TokenCounts> {
  const { active, expiring, ended, parties, walkedLive, walkedEnded } = await countTokens(db, actor, {
    ...{ withinDays: expiringWithinDays, limit: countedExactly },
  })
  const counted = (count: number, walkedAll: boolean): Count =>
    walkedAll ? { count, more: 'no' } : { count: Math.min(count, countedExactly), more: 'maybe' }
  return {
    active: counted(active, walkedLive),
    // Those that expire first were counted first.
    expiring: counted(expiring, walkedLive || expiring < active),
    ended: counted(ended, walkedEnded),
    parties: counted(parties, walkedLive),
  }
}
