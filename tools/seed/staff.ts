import type { Queryable } from '#db/client.ts'
import type { Actor, Role, Side } from '#lib/access/actor.ts'
import type { PartyColumns } from '#lib/access/party.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
  type UserRow,
} from './builders.ts'

export type Staffed = {
  of: PartyColumns
  people: Record<Role, UserRow>
  /** One more person with that role. */
  join: (role: Role) => Promise<UserRow>
}

/** A new store and a new partner, with a person of each role in each. */
export async function buildStaffed(owner: Queryable): Promise<Record<Side, Staffed>> {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  return {
    merchant: await staff({ storeId: store.id }, (user, role) =>
      addStoreMember(owner, { store, user, role }),
    ),
    partner: await staff({ partnerId: partner.id }, (user, role) =>
      addPartnerMember(owner, { partner, user, role }),
    ),
  }

  async function staff(
    of: PartyColumns,
    add: (user: UserRow, role: Role) => Promise<void>,
  ): Promise<Staffed> {
    const join = async (role: Role) => {
      const user = await buildUser(owner)
      await add(user, role)
      return user
    }
    const people = {
      owner: await join('owner'),
      administrator: await join('administrator'),
      viewer: await join('viewer'),
    }
    return { of, people, join }
  }
}

export function actorOf({ of, people }: Pick<Staffed, 'of' | 'people'>, side: Side, role: Role): Actor {
  return { side, role, userId: people[role].id, userName: people[role].name, ...of } as Actor
}
