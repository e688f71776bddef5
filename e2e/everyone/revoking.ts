import { sides } from './actions/action.ts'
import type { Caller, Scene } from './callers.ts'

export type Revoking = {
  list: (scene: Scene) => string
  right: readonly Caller[]
  button: string
}

/** The action that revokes, bound to either side. */
export const revoking: Record<'store' | 'partner', Revoking> = {
  store: {
    list: sides.Store.list,
    right: sides.Store.changers,
    button: 'Revoke',
  },
  partner: {
    list: sides.Partner.list,
    right: sides.Partner.changers,
    button: 'Revoke Token(s)',
  },
}
