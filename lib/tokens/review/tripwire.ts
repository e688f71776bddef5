import { listTriedAgain } from '#db/queries/tokens/token-attempts.ts'
import type { Actor } from '../../access/actor.ts'
import type { Database } from '../../process/database.ts'
import { describeToken, type Token } from '../model/token.ts'

/** A caller that stopped trying this long ago needs nobody's attention any more. */
const triedWithinDays = 7
/** Looked through at every view of a list: a millisecond's work. Older ones show it in their own rows. */
const lastRevoked = 200
const shown = 3

/** Revoked tokens that somebody still presents, each with its `attempts`, the latest attempt first. */
export type Tripwire = { tokens: Token[]; areMore: 'more' | 'no-more' }

/** Of the actor’s 200 tokens that were revoked last, those presented within the last seven days; three are named. */
export async function readTripwire(actor: Actor, { db }: { db: Database }): Promise<Tripwire> {
  const rows = await listTriedAgain(db, actor, {
    lastRevoked,
    days: triedWithinDays,
    limit: shown + 1,
  })
  return {
    tokens: rows.slice(0, shown).map(describeToken),
    areMore: rows.length > shown ? 'more' : 'no-more',
  }
}
