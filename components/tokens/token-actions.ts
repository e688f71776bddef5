import type { CancelAction, RetireAction } from './details/retire-state.ts'
import type { RenewAction } from './renewal/renew-state.ts'
import type { RevokeAction } from './revocation/revoke-state.ts'

/** The server actions of either side that change tokens, bound to its store or partner. */
export type TokenActions = {
  revoke: RevokeAction
  renew: RenewAction
  retire: RetireAction
  cancelRetirement: CancelAction
}
