import type { TokenActions } from '#components/tokens/token-actions.ts'
import type { Party } from '#lib/access/party.ts'
import { pauseTokensOf, resumeTokensOf } from '../_actions/pauses.ts'
import {
  cancelRetirementOf,
  renewTokensOf,
  retireTokenOf,
  revokeTokensOf,
  showTokenOf,
} from '../_actions/tokens.ts'
import { boundParty } from '../bound-party.ts'

/** What pages may do with the tokens of a store or partner: the actions prove the membership again. */
export function tokenActionsOf(actor: Party): TokenActions {
  const party = boundParty(actor)
  return {
    revoke: revokeTokensOf.bind(null, party),
    renew: renewTokensOf.bind(null, party),
    retire: retireTokenOf.bind(null, party),
    pause: pauseTokensOf.bind(null, party),
    resume: resumeTokensOf.bind(null, party),
    cancelRetirement: cancelRetirementOf.bind(null, party),
    collect: showTokenOf.bind(null, party),
  }
}
