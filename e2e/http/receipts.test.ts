import { expect } from 'vitest'
import { callers, isSignedIn, test } from '../everyone/callers.ts'

/** Who works for the side whose address it is; whom the address concerns not at all gets nothing that tells it apart from one that is not there. */
const mayHave = {
  merchant: ['a viewer of the store', 'an administrator of the store', 'the right merchant'],
  partner: ['a viewer of the partner', 'an administrator of the partner', 'the right partner'],
} as const

for (const side of ['merchant', 'partner'] as const)
  test(`the receipt of a ${side}’s revoked token is for its members, and for nobody else there`, async ({
    scene,
    product,
  }) => {
    const { world } = scene
    const token = await world.issue({ revocation: { side: 'merchant', by: world.storeOwner } })
    const own = side === 'merchant' ? `/stores/${world.store.id}` : `/partners/${world.partner.id}`
    const ask = (cookie: string, path: string) =>
      fetch(`${product.webUrl}${own}/receipts/${path}`, { redirect: 'manual', headers: { cookie } })
    const right = side === 'merchant' ? 'the right merchant' : 'the right partner'
    const ofToken = `${token.id}/revocation`
    // The worker appends each second.
    await expect
      .poll(async () => (await ask(scene.cookieOf[right], ofToken)).status, { timeout: 30_000 })
      .toBe(200)
    const foreign = new Set<string>()
    for (const caller of callers) {
      const response = await ask(scene.cookieOf[caller], ofToken)
      const text = await response.text()
      if ((mayHave[side] as readonly string[]).includes(caller)) {
        expect([caller, response.status]).toEqual([caller, 200])
        expect(response.headers.get('content-disposition')).toBe(
          `attachment; filename="revocation-${token.id}.tlog-proof"`,
        )
        expect(response.headers.get('cache-control')).toContain('no-store')
        expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra \S+\nindex \d+\n/)
      } else if (isSignedIn(caller)) {
        expect([caller, response.status]).toEqual([caller, 404])
        foreign.add(text)
      } else {
        expect([caller, response.status]).toEqual([caller, 303])
        expect(response.headers.get('location')).toMatch(/^\/sign-in/)
      }
    }
    for (const path of [`${token.id}/proof`, `${token.id}/constructor`, 'nonsense/revocation'])
      foreign.add(
        (
          await ask(scene.cookieOf[right], path).then(async (answer) => [answer.status, await answer.text()])
        )[1] as string,
      )
    // One sentence for all of them: nothing tells what is not there from what is not theirs.
    expect(foreign.size).toBe(1)
  })

test('the newest head of the log, and that another begins it, is for everybody alike, and names nobody', async ({
  scene,
  product,
}) => {
  const { world } = scene
  await world.issue({ revocation: { side: 'merchant', by: world.storeOwner } })
  const ask = (caller: (typeof callers)[number], path: string) =>
    fetch(`${product.webUrl}/log/${path}`, { headers: { cookie: scene.cookieOf[caller] } })
  await expect
    .poll(async () => (await ask('the right merchant', 'checkpoint')).status, { timeout: 30_000 })
    .toBe(200)
  for (const caller of callers) {
    const checkpoint = await ask(caller, 'checkpoint')
    expect([caller, checkpoint.status]).toEqual([caller, 200])
    const note = await checkpoint.text()
    expect(note).toMatch(/^tests\.example\/log\n[1-9]\d*\n[A-Za-z0-9+/]{43}=\n\n— tests\.example\/log \S+\n$/)
    const [, size] = note.split('\n')
    const proof = await ask(caller, `consistency?from=1&to=${size}`)
    expect(await proof.text()).toMatch(/^old 1\n(?:[A-Za-z0-9+/]{43}=\n)*\ntests\.example\/log\n/)
    for (const answer of [checkpoint, proof])
      expect(answer.headers.get('cache-control')).toContain('no-store')
  }
})
