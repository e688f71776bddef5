import { expect, test } from 'vitest'
import { listEndpoints } from '#db/queries/notifications/webhook-endpoints.ts'
import { listWaitingInvitations } from '#db/queries/people/invitations.ts'
import { findTokens } from '#db/queries/tokens/tokens.ts'
import {
  addPartnerMember,
  addStoreMember,
  buildPartner,
  buildSession,
  buildStore,
  buildToken,
  buildUser,
  grantAccess,
  type UserRow,
} from '#tools/seed/builders.ts'
import { prepareTestDatabase } from '#tools/test-databases/test-database.ts'
import type { MerchantActor, PartnerActor } from '../access/actors.ts'
import { renameAccount } from '../auth/change-account.ts'
import { testKeys } from '../encryption/test-keyring.ts'
import { inviteMember } from '../members/invite.ts'
import { dispatchEvents } from '../notifications/dispatch-events.ts'
import { readInbox } from '../notifications/inbox.ts'
import { createRetryDelays } from '../notifications/retry-delays.ts'
import { collectToken } from '../tokens/collect.ts'
import { revokeTokens } from '../tokens/revoke.ts'
import { renewToken } from '../tokens/test-renewal.ts'
import { addEndpoint } from '../webhooks/add.ts'
import { tokenHistory } from './history.ts'

const { db, owner } = prepareTestDatabase()
const use = { db, address: '192.0.2.1', keys: testKeys }

async function scene() {
  const [store, partner] = [await buildStore(owner), await buildPartner(owner)]
  await grantAccess(owner, { store, partner })
  const [member, colleague, other] = [
    await buildUser(owner, { name: 'Real Name' }),
    await buildUser(owner, { name: 'Colleague' }),
    await buildUser(owner, { name: 'Other side' }),
  ]
  await addStoreMember(owner, { store, user: member, role: 'owner' })
  await addStoreMember(owner, { store, user: colleague, role: 'viewer' })
  await addPartnerMember(owner, { partner, user: other })
  const token = await buildToken(owner, { storeId: store.id, partnerId: partner.id })
  const merchant = (userName: string): MerchantActor => ({
    ...{ side: 'merchant', userId: member.id, userName, role: 'owner', storeId: store.id },
  })
  const partnerActor: PartnerActor = {
    ...{ side: 'partner', userId: other.id, userName: other.name, role: 'administrator' },
    partnerId: partner.id,
  }
  return { store, partner, member, colleague, other, token, merchant, partnerActor }
}

const revocationOf = (tokenId: string) => ({
  ...{ tokenIds: [tokenId], extent: 'chosen' as const, reason: 'exposed' as const, note: undefined },
})

const signedIn = ({ id, name, email }: UserRow) => ({ userId: id, name, email, sessionId: id })

async function rename(user: UserRow, name: string) {
  await owner.$client.query('delete from sessions where id = $1', [user.id])
  await buildSession(owner, { id: user.id, userId: user.id })
  const renamed = await renameAccount(signedIn(user), { name }, { db, address: '192.0.2.1' })
  expect(renamed.ok).toBe(true)
}

test('who revoked under another name is named by it everywhere, with the account for the own side only', async () => {
  const { store, partner, member, colleague, other, token, merchant, partnerActor } = await scene()
  await rename(member, 'Colleague')
  const revocation = revocationOf(token.id)
  expect((await revokeTokens(merchant('Colleague'), revocation, use)).ok).toBe(true)
  await rename(member, 'Real Name')
  await dispatchEvents({
    ...{ db, retryDelays: createRetryDelays(), log: { error: () => {} } },
    ...{ baseUrl: 'https://tokens.example.com', secret: 'x'.repeat(32) },
  })

  const own = { email: member.email, role: 'owner', name: 'Colleague' }
  const foreign = { ...own, email: null }
  const [listed] = await findTokens(db, { side: 'merchant', storeId: store.id }, [token.id])
  const [listedThere] = await findTokens(db, { side: 'partner', partnerId: partner.id }, [token.id])
  const ofRow = (row: typeof listed) => ({
    ...{ name: row?.revokedBy, email: row?.revokedByEmail, role: row?.revokedByRole },
  })
  expect([ofRow(listed), ofRow(listedThere)]).toEqual([own, foreign])

  for (const [actor, expected] of [
    [merchant('x'), own],
    [partnerActor, foreign],
  ] as const) {
    const entry = (await tokenHistory(actor, token.id, { db })).find(
      ({ action }) => action === 'token.revoked',
    )
    expect({ name: entry?.userName, email: entry?.userEmail, role: entry?.userRole }).toEqual(expected)
  }
  for (const [userId, side, expected] of [
    [colleague.id, 'merchant', own],
    [other.id, 'partner', foreign],
  ] as const) {
    const [notice] = (await readInbox({ userId, side, secondFactor: null }, {}, { db })).notices
    expect({ name: notice?.byUserName, email: notice?.byUserEmail, role: notice?.byRole }).toEqual(expected)
  }
  const { rows: mails } = await owner.$client.query('select to_address, body from mails')
  const bodyTo = (email: string) => mails.find(({ to_address }) => to_address === email)?.body
  expect(bodyTo(colleague.email)).toContain(`“Colleague” (${member.email})`)
  expect(bodyTo(other.email)).toContain('“Colleague” (the merchant, owner)')
  expect(bodyTo(other.email)).not.toContain(member.email)
})

test('a renaming is on record with both names', async () => {
  const user = await buildUser(owner, { name: 'Before' })
  await rename(user, 'After')
  await rename(user, 'After')
  const { rows } = await owner.$client.query(
    `select user_name, user_email, details from audit_events where action = 'account.renamed' and user_id = $1`,
    [user.id],
  )
  expect(rows).toEqual([
    { user_name: 'Before', user_email: user.email, details: { from: 'Before', to: 'After' } },
  ])
})

test('who collected, planned, invited or added a webhook keeps the name of that time', async () => {
  const { store, member, token, merchant } = await scene()
  const actor = merchant('Old name')
  const renewed = await renewToken(actor, { tokenId: token.id, retirement: { when: 'adopted' } }, use)
  if (!renewed.ok) throw new Error(JSON.stringify(renewed.refusal))
  expect((await collectToken(actor, { tokenId: renewed.value.id }, use)).ok).toBe(true)
  const origin = 'https://tokens.example.com'
  await inviteMember(actor, { email: 'guest@example.com', role: 'viewer' }, { ...use, origin })
  const hook = { url: 'https://hooks.example/', kinds: ['token.revoked' as const] }
  const resolve = async () => [{ address: '8.8.8.8', family: 4 }]
  await addEndpoint(actor, hook, { ...use, networks: [], resolve })
  await rename(member, 'New name')

  const scope = { side: 'merchant', storeId: store.id } as const
  const [old] = await findTokens(db, scope, [token.id])
  const [fresh] = await findTokens(db, scope, [renewed.value.id])
  const as = (name: unknown, email: unknown) => ({ name, email })
  const kept = as('Old name', member.email)
  expect(as(old?.plannedBy, old?.plannedByEmail)).toEqual(kept)
  expect(as(fresh?.handover?.collectedBy, fresh?.handover?.collectedByEmail)).toEqual(kept)
  const [invitation] = await listWaitingInvitations(db, scope, 1)
  expect(as(invitation?.invitedBy, invitation?.invitedByEmail)).toEqual(kept)
  const [endpoint] = await listEndpoints(db, scope, 1)
  expect(as(endpoint?.createdByName, endpoint?.createdByEmail)).toEqual(kept)
})

test('a revocation of before its columns is named as the audit record has it', async () => {
  const { store, member, token, merchant } = await scene()
  const revocation = revocationOf(token.id)
  await revokeTokens(merchant('As recorded'), revocation, use)
  await owner.$client.query('alter table revocations disable trigger user')
  await owner.$client.query('update revocations set user_name = null where token_id = $1', [token.id])
  await owner.$client.query('alter table revocations enable trigger user')
  await rename(member, 'Somebody else')
  const [row] = await findTokens(db, { side: 'merchant', storeId: store.id }, [token.id])
  expect(row?.revokedBy).toBe('As recorded')
})
