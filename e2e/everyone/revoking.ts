import type { Caller, Scene } from './callers.ts'
import { sides } from './deeds/deed.ts'

export type Revoking = {
  exported: string
  list: (scene: Scene) => string
  right: readonly Caller[]
  button: string
}

/** The actions that revoke, one a side. */
export const revoking: Record<'store' | 'partner', Revoking> = {
  store: {
    exported: 'revokeStoreTokens',
    list: sides.Store.list,
    right: sides.Store.changers,
    button: 'Revoke',
  },
  partner: {
    exported: 'revokePartnerTokens',
    list: sides.Partner.list,
    right: sides.Partner.changers,
    button: 'Revoke Token(s)',
  },
}
