import { expect } from 'vitest'
import { buildStore, buildToken, buildUser, grantAccess } from '#tools/seed/builders.ts'
import { test } from '../everyone/callers.ts'
import { liveOf, revocationsOf } from '../everyone/record.ts'
import { openSession } from '../fixtures/world.ts'
import { changed, confirmed, fieldsOfForm, post, postAsClient, type SentForm, showsLast } from './forms.ts'

test('one’s own form with the ids of somebody else revokes nothing', async ({ scene, owner, product }) => {
  const { world, others } = scene
  const foreign = await world.issue()
  const cases = [
    [others.apiSettings, 'the owner of another store', others.store.id, world.store.id, 'Revoke'],
    [
      others.partnerTokens,
      'the owner of another partner',
      others.partner.id,
      world.partner.id,
      'Revoke Token(s)',
    ],
  ] as const
  for (const [list, caller, ownId, foreignId, button] of cases) {
    const own = await others.issue()
    const url = `${product.webUrl}${list}?revoke=${own.id}`
    const cookie = scene.cookieOf[caller]
    const form = confirmed(await fieldsOfForm({ url, cookie, button }))
    const foreignToken = changed(form, own.id, foreign.id)
    expect(JSON.stringify(form)).toContain(ownId)
    const foreignEverything = changed(foreignToken, ownId, foreignId)
    const foreignList = changed(form, ownId, foreignId)
    for (const sent of [foreignToken, foreignEverything, foreignList]) await post(url, sent, { cookie })
    expect(await revocationsOf(owner, [own.id, foreign.id])).toBe(0)
    // One of each: the own one is revoked, the other one counted as missing.
    const both: SentForm = [...form, ['tokenId', foreign.id]]
    const html = await (await post(url, both, { cookie })).text()
    expect(html).toContain('not among yours')
    expect(showsLast(html, foreign.last)).toBe(false)
    expect(await revocationsOf(owner, [own.id])).toBe(1)
    expect(await revocationsOf(owner, [foreign.id])).toBe(0)
  }
})

test('a form that is bound anew, to the other side of the token or to nobody, revokes nothing', async ({
  scene,
  owner,
  product,
}) => {
  const { world } = scene
  const store = { side: 'merchant', storeId: world.store.id }
  const partner = { side: 'partner', partnerId: world.partner.id }
  const cases = [
    [world.apiSettings, 'the right merchant', store, partner, 'Revoke'],
    [world.partnerTokens, 'the right partner', partner, store, 'Revoke Token(s)'],
  ] as const
  for (const [list, caller, own, other, button] of cases) {
    const token = await world.issue()
    const url = `${product.webUrl}${list}?revoke=${token.id}`
    const cookie = scene.cookieOf[caller]
    const form = confirmed(await fieldsOfForm({ url, cookie, button }))
    expect(form.map(([, value]) => value).join()).toContain(JSON.stringify(own))
    const claims = [
      ...[
        other,
        { ...own, ...other },
        { ...own, role: 'owner' },
        { side: own.side },
        { ...own, side: other.side },
      ],
      ...[{}, [], null, 1, '', 'merchant', world.store.id],
    ]
    for (const claim of claims) {
      const forged = changed(form, JSON.stringify(own), JSON.stringify(claim))
      for (const send of [post, postAsClient]) {
        const answer = await send(url, forged, { cookie })
        expect(answer.status, JSON.stringify(claim)).toBeLessThan(500)
        await answer.body?.cancel()
      }
    }
    expect(await revocationsOf(owner, [token.id]), caller).toBe(0)
    await (await post(url, form, { cookie })).body?.cancel()
    expect(await revocationsOf(owner, [token.id]), caller).toBe(1)
  }
})

test('“Revoke it as well” does not reach tokens of the same partner for another store', async ({
  scene,
  owner,
  product,
}) => {
  const { world } = scene
  const store = await buildStore(owner)
  await grantAccess(owner, { store, partner: world.partner })
  const elsewhere = await buildToken(owner, { storeId: store.id, partnerId: world.partner.id })
  const token = await world.issue()
  const url = `${product.webUrl}${world.apiSettings}?revoke=${token.id}`
  const cookie = scene.cookieOf['the right merchant']
  const form = confirmed(await fieldsOfForm({ url, cookie, button: 'Revoke' }))
  const withSiblings: SentForm = [...form.filter(([name]) => name !== 'extent'), ['extent', 'with-siblings']]
  await post(url, withSiblings, { cookie })
  expect(await revocationsOf(owner, [token.id])).toBe(1)
  expect(await revocationsOf(owner, [elsewhere.id])).toBe(0)
})

test('a request that is sent again, or comes from another site, revokes nothing more', async ({
  scene,
  owner,
  product,
}) => {
  const token = await scene.world.issue()
  const url = `${product.webUrl}${scene.world.apiSettings}?revoke=${token.id}`
  const cookie = scene.cookieOf['the right merchant']
  const form = confirmed(await fieldsOfForm({ url, cookie, button: 'Revoke' }))
  for (const origin of ['https://evil.example', 'null', `${product.webUrl}.evil.example`]) {
    for (const answer of [
      await postAsClient(url, form, { cookie, origin }),
      await post(url, form, { cookie, origin }),
    ]) {
      expect(answer.status).toBeGreaterThanOrEqual(400)
      await answer.body?.cancel()
    }
  }
  expect(await revocationsOf(owner, [token.id])).toBe(0)
  for (let n = 0; n < 3; n++) expect((await postAsClient(url, form, { cookie })).status).toBe(200)
  expect(await revocationsOf(owner, [token.id])).toBe(1)
})

test('nobody ends a session of somebody else, and the signed-out end none at all', async ({
  scene,
  owner,
  product,
}) => {
  const url = `${product.webUrl}/account`
  const victim = await openSession(owner, product, scene.world.storeOwner)
  // Nobody of the scene: its sessions live as long as the worker.
  const person = await buildUser(owner)
  const own = await openSession(owner, product, person)
  const attacker = await openSession(owner, product, person)
  const cookie = `${attacker.name}=${attacker.value}`
  const form = await fieldsOfForm({ url, cookie, button: 'End all other sessions' })
  const end = (which: string): SentForm => [...form.filter(([name]) => name !== 'end'), ['end', which]]

  const answer = await post(url, end(victim.sessionId), { cookie })
  expect(await answer.text()).toContain('That session had already ended.')
  for (const away of [
    'somebody signed out',
    'a disabled user',
    'somebody whose session was ended',
  ] as const) {
    for (const which of [victim.sessionId, own.sessionId, 'others']) {
      await post(url, end(which), { cookie: scene.cookieOf[away] })
    }
  }
  await post(url, end(own.sessionId), { cookie, origin: 'https://evil.example' })
  expect(await liveOf(owner, [victim.sessionId, own.sessionId, attacker.sessionId])).toBe(3)

  await post(url, end('others'), { cookie })
  expect(await liveOf(owner, [victim.sessionId])).toBe(1)
  expect(await liveOf(owner, [own.sessionId])).toBe(0)
  // The one that it was done in lives on, under another id.
  expect(await liveOf(owner, [attacker.sessionId])).toBe(0)
  const { rows } = await owner.$client.query('select from sessions where user_id = $1 and ended_at is null', [
    person.id,
  ])
  expect(rows).toHaveLength(1)
})
