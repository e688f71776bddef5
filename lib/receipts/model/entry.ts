import { createHash } from 'node:crypto'
import type { LogFact } from '#db/queries/receipts/log.ts'
import type { EndingSide } from '#db/schema/revocations.ts'
import type { Role } from '../../access/actor.ts'

/** What stands for an id in the log: who has the id finds it there, and nobody else learns one. */
export const hashOfId = (id: string): string => createHash('sha256').update(id).digest('hex')

/**
 * The text of a leaf: JSON on one line, with its members in the order of here. It says what the fact says, and comes out of the fact the
 * same each time: a fact that was changed has another one.
 */
export function textOfEntry(fact: LogFact): string {
  return JSON.stringify({ version: 1, kind: fact.kind, ...membersOf(fact) })
}

function membersOf(fact: LogFact): Record<string, string | number | null> {
  switch (fact.kind) {
    case 'revocation':
      return { token: hashOfId(fact.tokenId), ...madeBy(fact), reason: fact.reason, at: asText(fact.at) }
    case 'proof':
      return {
        ...{ token: hashOfId(fact.tokenId), gateways: fact.gateways, refused: fact.refused },
        ...{ accepting: fact.accepting, refusedAfterMs: fact.refusedAfterMs, at: asText(fact.at) },
      }
    case 'cut-off':
      return {
        ...{ cutOff: hashOfId(fact.id), store: fact.storeId || null, partner: fact.partnerId || null },
        ...{ ...madeBy(fact), reason: fact.reason, at: asText(fact.at) },
      }
    case 'pause':
      return {
        ...{ token: hashOfId(fact.tokenId), number: fact.number, ...madeBy(fact), reason: fact.reason },
        ...{ at: asText(fact.at), until: asText(fact.until), endsAs: fact.endsAs },
      }
    case 'resume':
      return {
        ...{ token: hashOfId(fact.tokenId), number: fact.number, ...madeBy(fact), at: asText(fact.at) },
      }
  }
}

type Maker = { side: EndingSide; userRole: Role | null }

/**
 * Null: a program, or somebody who is not on record with a role; or a report of a leak, of which a revocation has the side `public`. Operators
 * are persons, and have no role on either side.
 */
function madeBy({ side, userRole }: Maker) {
  return { side, actor: side === 'operator' || userRole !== null ? 'person' : null }
}

const asText = (moment: Date): string => moment.toISOString()
