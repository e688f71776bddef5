import type { TokenActions } from '#components/tokens/token-actions.ts'
import { showPartnerToken, showStoreToken } from '../_actions/collect.ts'
import { renewPartnerTokens, renewStoreTokens } from '../_actions/renew.ts'
import {
  cancelPartnerRetirement,
  cancelStoreRetirement,
  retirePartnerToken,
  retireStoreToken,
} from '../_actions/retire.ts'
import { revokePartnerTokens, revokeStoreTokens } from '../_actions/revoke.ts'

/** What a merchant's pages may do with tokens: the actions prove the membership again. */
export const storeTokenActions = (storeId: string): TokenActions => ({
  revoke: revokeStoreTokens.bind(null, storeId),
  renew: renewStoreTokens.bind(null, storeId),
  retire: retireStoreToken.bind(null, storeId),
  cancelRetirement: cancelStoreRetirement.bind(null, storeId),
  collect: showStoreToken.bind(null, storeId),
})

/** The same for a partner's pages. */
export const partnerTokenActions = (partnerId: string): TokenActions => ({
  revoke: revokePartnerTokens.bind(null, partnerId),
  renew: renewPartnerTokens.bind(null, partnerId),
  retire: retirePartnerToken.bind(null, partnerId),
  cancelRetirement: cancelPartnerRetirement.bind(null, partnerId),
  collect: showPartnerToken.bind(null, partnerId),
})
