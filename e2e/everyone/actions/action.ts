import type { Database } from '#db/client.ts'
import type { SentForm } from '../../http/forms.ts'
import type { Caller, Scene } from '../callers.ts'

/** What anybody may try with a form that was made for somebody who may. */
export type Action = {
  exported: string
  /** Which one, of an action that does several; `Store` or `Partner`, of one that both sides have. */
  named?: string
  /** Who may do it. All others send the form of the first of them. */
  right: readonly Caller[]
  /** Makes what it is done to. `by`: who may do it to that, and is shown the form. */
  prepare: (scene: Scene, owner: Database, by: Caller) => Promise<Prepared>
}

export type Prepared = {
  path: string
  /** Who is shown the form, where it is not who may do it. */
  as?: Caller
  button: string
  of?: 'several'
  /** What is typed into it. */
  set?: SentForm
  /** What the answer holds where it was done, and never elsewhere. */
  tells?: string
  /** What happens while the form stands open. */
  meanwhile?: () => Promise<unknown>
  wasDone: () => Promise<boolean>
}

/** The two sides that a form can be bound to. */
export const sides = {
  Store: {
    owners: ['the right merchant'],
    /** Those who change tokens, partners and webhooks, and hand new tokens over. */
    changers: ['the right merchant', 'an administrator of the store'],
    members: ['the right merchant', 'an administrator of the store', 'a viewer of the store'],
    list: ({ world }) => world.apiSettings,
    webhooks: ({ world }) => `${world.apiSettings}/webhooks`,
    endpointId: ({ webhooks }) => webhooks.ofStore,
    membersPage: ({ world }) => `/stores/${world.store.id}/members`,
    party: ({ world }) => ({ storeId: world.store.id }),
  },
  Partner: {
    owners: ['the right partner'],
    changers: ['the right partner', 'an administrator of the partner'],
    members: ['the right partner', 'an administrator of the partner', 'a viewer of the partner'],
    list: ({ world }) => world.partnerTokens,
    webhooks: ({ world }) => `/partners/${world.partner.id}/webhooks`,
    endpointId: ({ webhooks }) => webhooks.ofPartner,
    membersPage: ({ world }) => `/partners/${world.partner.id}/members`,
    party: ({ world }) => ({ partnerId: world.partner.id }),
  },
} as const satisfies Record<'Store' | 'Partner', SideOfScene>

type SideOfScene = {
  owners: Caller[]
  changers: Caller[]
  members: Caller[]
  list: (scene: Scene) => string
  webhooks: (scene: Scene) => string
  endpointId: (scene: Scene) => string
  membersPage: (scene: Scene) => string
  party: (scene: Scene) => { storeId: string } | { partnerId: string }
}
export type SideName = keyof typeof sides
export const sideNames = ['Store', 'Partner'] as const satisfies SideName[]
