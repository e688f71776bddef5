import { beforeEach, expect, test } from 'vitest'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildStore,
  buildUser,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role } from '../access/actor.ts'
import { actorFor } from '../access/actors.ts'
import { changeRole } from './change-role.ts'
import { listMembers } from './list.ts'
import { removeMember } from './remove.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.1' }

type Person = { id: string; name: string; email: string }
/** A store or a partner, with one way to put people into it and to act in their name. */
type Place = {
  add: (role: Role, disabledAt?: Date) => Promise<Person>
  actor: (person: Person, role: Role) => Actor
  prove: (person: Person) => Promise<Actor | null>
}

async function newStore(): Promise<Place> {
  const store = await buildStore(owner)
  return {
    async add(role, disabledAt) {
      const user = await buildUser(owner, { ...(disabledAt && { disabledAt }) })
      await addStoreMember(owner, { store, user, role })
      return user
    },
    actor: (person, role) => ({
      side: 'merchant',
      userId: person.id,
      userName: person.name,
      role,
      storeId: store.id,
    }),
    prove: (person) => actorFor(signedIn(person), { side: 'merchant', storeId: store.id }, { db }),
  }
}

async function newPartner(): Promise<Place> {
  const partner = await buildPartner(owner)
  return {
    async add(role, disabledAt) {
      const user = await buildUser(owner, { ...(disabledAt && { disabledAt }) })
      await addPartnerMember(owner, { partner, user, role })
      return user
    },
    actor: (person, role) => ({
      side: 'partner',
      userId: person.id,
      userName: person.name,
      role,
      partnerId: partner.id,
    }),
    prove: (person) => actorFor(signedIn(person), { side: 'partner', partnerId: partner.id }, { db }),
  }
}

function signedIn({ id, name, email }: Person) {
  return { userId: id, name, email, sessionId: id }
}

const notAllowed = { ok: false, refusal: 'not-allowed' }
const notFound = { ok: false, refusal: 'not-found' }
const lastOwner = { ok: false, refusal: 'last-owner' }

async function auditOf(actor: Actor) {
  const { rows } = await owner.$client.query(
    `select action, side, user_id, reason, address, details from audit_events
     where coalesce(store_id, partner_id) = $1 order by id`,
    ['storeId' in actor ? actor.storeId : actor.partnerId],
  )
  return rows
}

for (const [side, newPlace] of [
  ['store', newStore],
  ['partner', newPartner],
] as const) {
  let place: Place
  let boss: Person
  let asBoss: Actor

  const roleOf = async (person: Person) => (await place.prove(person))?.role ?? null

  beforeEach(async () => {
    place = await newPlace()
    boss = await place.add('owner')
    asBoss = place.actor(boss, 'owner')
  })

  test(`an owner of a ${side} gives a member another role, which holds at their next request and is on record`, async () => {
    const member = await place.add('viewer')
    const result = await changeRole(asBoss, { userId: member.id, role: 'administrator' }, tools)
    expect(result).toMatchObject({ ok: true, value: { name: member.name } })
    expect(await roleOf(member)).toBe('administrator')
    expect(await auditOf(asBoss)).toMatchObject([
      {
        action: 'member.changed',
        user_id: boss.id,
        address: '192.0.2.1',
        details: { userId: member.id, from: 'viewer', to: 'administrator' },
      },
    ])
  })

  test(`a member removed from a ${side} is nobody there at their next request`, async () => {
    const member = await place.add('administrator')
    expect(await roleOf(member)).toBe('administrator')
    expect((await removeMember(asBoss, { userId: member.id }, tools)).ok).toBe(true)
    expect(await roleOf(member)).toBe(null)
    expect(await removeMember(asBoss, { userId: member.id }, tools)).toEqual(notFound)
    expect(await auditOf(asBoss)).toMatchObject([
      { action: 'member.removed', reason: 'removed', details: { userId: member.id, role: 'administrator' } },
    ])
  })

  test(`who is no owner of a ${side} changes nobody, and may leave`, async () => {
    for (const role of ['administrator', 'viewer'] as const) {
      const member = await place.add(role)
      const asMember = place.actor(member, role)
      for (const target of [boss, member]) {
        expect(await changeRole(asMember, { userId: target.id, role: 'owner' }, tools)).toEqual(notAllowed)
      }
      expect(await removeMember(asMember, { userId: boss.id }, tools)).toEqual(notAllowed)
      expect((await removeMember(asMember, { userId: member.id }, tools)).ok).toBe(true)
      expect(await roleOf(member)).toBe(null)
    }
    expect(await roleOf(boss)).toBe('owner')
  })

  test(`an owner of a ${side} who was demoted or removed meanwhile changes nobody any more`, async () => {
    const second = await place.add('owner')
    const member = await place.add('viewer')
    const asSecond = place.actor(second, 'owner')
    await changeRole(asBoss, { userId: second.id, role: 'viewer' }, tools)
    expect(await changeRole(asSecond, { userId: member.id, role: 'owner' }, tools)).toEqual(notAllowed)
    expect(await removeMember(asSecond, { userId: boss.id }, tools)).toEqual(notAllowed)
    await removeMember(asBoss, { userId: second.id }, tools)
    expect(await removeMember(asSecond, { userId: member.id }, tools)).toEqual(notAllowed)
    expect(await removeMember(asSecond, { userId: second.id }, tools)).toEqual(notFound)
  })

  test(`the last owner of a ${side} can neither leave nor become less`, async () => {
    await place.add('administrator')
    // Somebody who cannot sign in takes care of nothing.
    await place.add('owner', new Date())
    expect(await removeMember(asBoss, { userId: boss.id }, tools)).toEqual(lastOwner)
    expect(await changeRole(asBoss, { userId: boss.id, role: 'viewer' }, tools)).toEqual(lastOwner)
    expect(await roleOf(boss)).toBe('owner')
    expect(await auditOf(asBoss)).toEqual([])
    await place.add('owner')
    expect((await removeMember(asBoss, { userId: boss.id }, tools)).ok).toBe(true)
  })

  test(`whatever all owners of a ${side} do at once, to themselves and each other, one is left`, async () => {
    for (let round = 0; round < 12; round++) {
      place = await newPlace()
      const people = await Promise.all([place.add('owner'), place.add('owner'), place.add('owner')])
      const actions = people.flatMap((person, n) => {
        const actor = place.actor(person, 'owner')
        const other = people[(n + 1 + (round % 2)) % people.length] as Person
        return [
          () => removeMember(actor, { userId: person.id }, tools),
          () => changeRole(actor, { userId: other.id, role: 'viewer' }, tools),
          () => removeMember(actor, { userId: other.id }, tools),
        ]
      })
      const turned = actions.map(
        (_, n) => actions[(n * 4 + round) % actions.length] as (typeof actions)[number],
      )
      await Promise.all(turned.map((action) => action()))
      const left = await Promise.all(people.map(roleOf))
      expect(left.filter((role) => role === 'owner')).toHaveLength(1)
    }
  })

  test(`a ${side} never loses its owner when its two owners leave at the same moment`, async () => {
    for (let round = 0; round < 8; round++) {
      place = await newPlace()
      const [one, two] = [await place.add('owner'), await place.add('owner')]
      const results = await Promise.all(
        [one, two].map((person) => removeMember(place.actor(person, 'owner'), { userId: person.id }, tools)),
      )
      expect(results.filter(({ ok }) => ok)).toHaveLength(1)
      expect(results).toContainEqual(lastOwner)
    }
  })

  test(`an owner of one ${side} reaches no member of another, and lists none`, async () => {
    const other = await newPlace()
    const stranger = await other.add('viewer')
    expect(await changeRole(asBoss, { userId: stranger.id, role: 'owner' }, tools)).toEqual(notFound)
    expect(await removeMember(asBoss, { userId: stranger.id }, tools)).toEqual(notFound)
    expect((await other.prove(stranger))?.role).toBe('viewer')
    const { members } = await listMembers(asBoss, { db })
    expect(members.map(({ userId, isSelf }) => [userId, isSelf])).toEqual([[boss.id, true]])
  })

  test(`the list of a ${side} has owners first, and says who cannot sign in`, async () => {
    await place.add('viewer')
    await place.add('administrator', new Date())
    const { members, hasMore, invitations } = await listMembers(asBoss, { db })
    expect(members.map(({ role, isDisabled }) => [role, isDisabled])).toEqual([
      ['owner', false],
      ['administrator', true],
      ['viewer', false],
    ])
    expect([hasMore, invitations]).toEqual([false, []])
  })
}
