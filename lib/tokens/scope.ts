import type { TokenScope } from '#db/queries/token-scope.ts'
import type { Actor } from '../auth/actor.ts'

export type { TokenScope }

/** An actor sees and changes the tokens of its own store, or of its own partner, and no others. */
export function scopeOf(actor: Actor): TokenScope {
  switch (actor.side) {
    case 'merchant':
      return { by: 'store', storeId: actor.storeId }
    case 'partner':
      return { by: 'partner', partnerId: actor.partnerId }
  }
}
