import { beforeEach, describe, expect, test } from 'vitest'
import { buildInvitation, type UserRow } from '#tools/seed/builders.ts'
import { actorOf, buildStaffed, type Staffed } from '#tools/seed/staff.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { Actor, Role, Side } from '../access/actor.ts'
import type { PartyColumns } from '../access/party.ts'
import type { Result } from '../result.ts'
import { changeRole } from './change-role.ts'
import { inviteAgain, inviteMember } from './invite.ts'
import { removeMember } from './remove.ts'
import { withdrawInvitation } from './withdraw.ts'

const { db, owner } = prepareTestDatabase()
const tools = { db, address: '192.0.2.7', origin: 'https://tokens.example' }

/** A store or a partner with a member of each role, one more to be changed, and an invitation that waits. */
type Place = { of: PartyColumns; people: Record<Role, UserRow>; member: UserRow; invitationId: string }
let ours: Record<Side, Place>
let others: Record<Side, Place>

beforeEach(async () => {
  ours = await buildPlaces()
  others = await buildPlaces()
})

async function buildPlaces(): Promise<Record<Side, Place>> {
  const { merchant, partner } = await buildStaffed(owner)
  return { merchant: await fill(merchant), partner: await fill(partner) }
}

async function fill({ of, people, join }: Staffed): Promise<Place> {
  const email = `guest-${people.owner.id}@example.com`
  await buildInvitation(owner, { ...of, email, invitedBy: people.owner })
  const { rows } = await owner.$client.query('select id from invitations where email = $1', [email])
  return { of, people, member: await join('viewer'), invitationId: rows[0].id }
}

/** Everything of a store or a partner that these verbs may change. */
async function stateOf({ of }: Place) {
  const query = `
    select (select json_agg(m order by m.user_id) from ${'storeId' in of ? 'store' : 'partner'}_members m
             where ${'storeId' in of ? 'store' : 'partner'}_id = $1) as members,
      (select json_agg(i order by i.id) from invitations i where coalesce(store_id, partner_id) = $1) as invitations,
      (select json_agg(a order by a.id) from audit_events a where coalesce(store_id, partner_id) = $1) as audit`
  const { rows } = await owner.$client.query(query, Object.values(of))
  return rows[0] as {
    members: { user_id: string; role: Role }[]
    invitations: { id: string }[]
    audit: { action: string }[] | null
  }
}

type Verb = { action: string; call: (actor: Actor, place: Place) => Promise<Result<unknown, unknown>> }
const verbs: Record<string, Verb> = {
  invite: {
    action: 'member.invited',
    call: (actor) => inviteMember(actor, { email: `new-${actor.userId}@example.com`, role: 'owner' }, tools),
  },
  'invite again': {
    action: 'member.invited',
    call: (actor, { invitationId }) => inviteAgain(actor, { invitationId }, tools),
  },
  withdraw: {
    action: 'member.invitation-withdrawn',
    call: (actor, { invitationId }) => withdrawInvitation(actor, { invitationId }, tools),
  },
  'change a role': {
    action: 'member.changed',
    call: (actor, { member }) => changeRole(actor, { userId: member.id, role: 'owner' }, tools),
  },
  remove: {
    action: 'member.removed',
    call: (actor, { member }) => removeMember(actor, { userId: member.id }, tools),
  },
}

const otherSide = (side: Side): Side => (side === 'merchant' ? 'partner' : 'merchant')
const callers: [who: string, actor: (side: Side) => Actor, outcome: 'done' | 'not-allowed' | 'not-found'][] =
  [
    ['an owner', (side) => actorOf(ours[side], side, 'owner'), 'done'],
    ['an administrator', (side) => actorOf(ours[side], side, 'administrator'), 'not-allowed'],
    ['a viewer', (side) => actorOf(ours[side], side, 'viewer'), 'not-allowed'],
    ['an owner of another one', (side) => actorOf(others[side], side, 'owner'), 'not-found'],
    [
      'an owner of the other side',
      (side) => actorOf(ours[otherSide(side)], otherSide(side), 'owner'),
      'not-found',
    ],
    [
      'an administrator who says that they are an owner',
      (side) => ({ ...actorOf(ours[side], side, 'administrator'), role: 'owner' }),
      'not-allowed',
    ],
  ]

describe.each(Object.entries(verbs))('%s', (name, { action, call }) => {
  const table = (['merchant', 'partner'] as const).flatMap((side) =>
    callers.map(([who, actor, outcome]) => ({ side, who, actor, outcome })),
  )
  test.each(table)('with the members of a $side, by $who: $outcome', async ({ side, actor, outcome }) => {
    const place = ours[side]
    const before = await stateOf(place)
    const by = actor(side)
    const result = await call(by, place)
    const after = await stateOf(place)
    if (outcome === 'done') {
      expect(result.ok).toBe(true)
      expect({ ...after, audit: null }).not.toEqual({ ...before, audit: null })
      const who = { side, user_id: by.userId, user_name: by.userName, address: tools.address }
      expect(after.audit?.at(-1)).toMatchObject({ action, ...who })
      return
    }
    // Whoever invites, invites to their own.
    if (name === 'invite' && outcome === 'not-found') expect(result.ok).toBe(true)
    else expect(result).toEqual({ ok: false, refusal: outcome })
    expect(after).toEqual(before)
  })
})

test.each(['merchant', 'partner'] as const)('everybody leaves a %s for themselves only', async (side) => {
  const place = ours[side]
  for (const role of ['administrator', 'viewer'] as const) {
    const actor = actorOf(ours[side], side, role)
    expect((await removeMember(actor, { userId: actor.userId }, tools)).ok).toBe(true)
  }
  const { members, audit } = await stateOf(place)
  expect(members.map(({ user_id }) => user_id).sort()).toEqual(
    [place.people.owner.id, place.member.id].sort(),
  )
  expect(audit?.map(({ action }) => action)).toEqual(['member.removed', 'member.removed'])
  const stranger = actorOf(others[side], side, 'owner')
  const misled = { ...stranger, ...place.of } as Actor
  expect(await removeMember(misled, { userId: stranger.userId }, tools)).toEqual({
    ok: false,
    refusal: 'not-found',
  })
})
