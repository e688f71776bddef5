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
