import { and, desc, eq, type SQL, sql } from 'drizzle-orm'
import { partnerAccess } from '../../schema/partner-access.ts'
import { revokedTokenAttempts } from '../../schema/revoked-token-attempts.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokens } from '../../schema/tokens.ts'
import { inScope, type Party } from '../party.ts'
import { nameOrIdHas } from './name-search.ts'

/** What a search may find: tokens by their other party, tokens by what is known of themselves, or either. */
export type TokenSearch = {
  /** In the name or the ID of the other party, in upper or lower case; null: it is not looked for there. */
  ofParty: string | null
  ofToken:
    | { by: 'last-characters'; text: string }
    | { by: 'hash'; hash: Buffer }
    | { by: 'id'; id: string }
    /** From where it was called last, accepted or, after its revocation, refused. */
    | { by: 'address'; address: string }
    | null
}

/** No index has addresses, which change at every call: of so many tokens of the scope, the last to expire, it is looked for. */
const maxWalkedForAddress = 10_000

/** The tokens that are meant themselves; null where the search is for none. */
export function isToken(scope: Party, { ofToken }: TokenSearch): SQL | null {
  switch (ofToken?.by) {
    case undefined:
      return null
    case 'last-characters':
      return sql`lower(${tokens.lastCharacters}) = lower(${ofToken.text})`
    case 'hash':
      return eq(tokens.hash, ofToken.hash)
    case 'id':
      return eq(tokens.id, ofToken.id)
    case 'address': {
      const cameFrom = (table: typeof tokenUsage | typeof revokedTokenAttempts) =>
        sql`exists (select from ${table} where ${table.tokenId} = walked.id and ${table.lastAddress} = ${ofToken.address} offset 0)`
      return sql`${tokens.id} in (
        select id from (
          select ${tokens.id} as id from ${tokens} where ${inScope(scope, tokens)}
          order by ${desc(tokens.expiresAt)}, ${desc(tokens.id)} limit ${maxWalkedForAddress}
        ) walked where ${cameFrom(tokenUsage)} or ${cameFrom(revokedTokenAttempts)})`
    }
  }
}

/** The token's other party has `text` in its name or its ID. */
export function isOfParty(scope: Party, text: string): SQL {
  const ofToken = and(
    eq(partnerAccess.storeId, tokens.storeId),
    eq(partnerAccess.partnerId, tokens.partnerId),
    partyMatches(scope, text),
  )
  return sql`exists (select from ${partnerAccess} where ${ofToken} offset 0)`
}

/** The same, of a row of the access list. */
export function partyMatches(scope: Party, text: string): SQL {
  const { name, otherId } = otherParty(scope)
  return nameOrIdHas(text, { name, id: otherId })
}

/** What a row of the access list says of whoever stands on the other side. */
export function otherParty(scope: Party) {
  switch (scope.side) {
    case 'merchant':
      return { name: partnerAccess.partnerName, otherId: partnerAccess.partnerId }
    case 'partner':
      return { name: partnerAccess.storeName, otherId: partnerAccess.storeId }
  }
}
