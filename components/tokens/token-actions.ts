import type { RenewAction } from './renew-state.ts'
import type { CancelAction, RetireAction } from './retire-state.ts'
import type { RevokeAction } from './revoke-state.ts'

/** The server actions of either side that change tokens, bound to its store or partner. */
export type TokenActions = {
  revoke: RevokeAction
  renew: RenewAction
  retire: RetireAction
  cancelRetirement: CancelAction
}
