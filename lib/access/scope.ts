import type { OneToken, PartyScope } from '#db/queries/party-scope.ts'
import type { Actor, TokenHolder } from './actor.ts'

export type { PartyScope }

/** An actor sees and changes the tokens of its own store, or of its own partner, and no others. */
export function scopeOf(actor: Actor): PartyScope {
  switch (actor.side) {
    case 'merchant':
      return { by: 'store', storeId: actor.storeId }
    case 'partner':
      return { by: 'partner', partnerId: actor.partnerId }
  }
}

/** What of the tokens a change may reach: a program that holds one reaches this one. */
export function reachOf(changer: Actor | TokenHolder): PartyScope | OneToken {
  return 'tokenId' in changer ? { by: 'token', tokenId: changer.tokenId } : scopeOf(changer)
}
