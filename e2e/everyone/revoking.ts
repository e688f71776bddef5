import type { Caller, Scene } from './callers.ts'

export type Revoking = {
  exported: string
  list: (scene: Scene) => string
  right: Caller
  button: string
}

/** The actions that revoke, one a side. */
export const revoking: Record<'store' | 'partner', Revoking> = {
  store: {
    exported: 'revokeStoreTokens',
    list: ({ world }) => world.apiSettings,
    right: 'the right merchant',
    button: 'Revoke',
  },
  partner: {
    exported: 'revokePartnerTokens',
    list: ({ world }) => world.partnerTokens,
    right: 'the right partner',
    button: 'Revoke Token(s)',
  },
}
