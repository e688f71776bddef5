import { type Browser, expect } from '@playwright/test'
import type { Product } from '../fixtures/product.ts'
import { type Caller, callers, type Scene, test } from './callers.ts'
import {
  type CapturedAction,
  captureRevocation,
  changed,
  confirmed,
  fieldsOfForm,
  post,
  replay,
  type SentForm,
  withIds,
} from './forms.ts'
import { revocationsOf } from './record.ts'
import { type Revoking, revoking } from './revoking.ts'

for (const [of, revocation] of Object.entries(revoking)) {
  const { list, right } = revocation
  for (const caller of callers) {
    const may = right.includes(caller)
    test(`the revoke form of a ${of}, sent by ${caller}, ${may ? 'revokes' : 'revokes nothing'}`, async ({
      scene,
      owner,
      product,
      browser,
    }) => {
      const real = await realRequests(browser, product, scene, revocation)
      const token = await scene.world.issue()
      const cookie = scene.cookieOf[caller]
      const form = changed(real.form, real.tokenId, token.id)
      const html = await (await post(product.webUrl + list(scene), form, { cookie })).text()
      expect(html.includes('is revoked')).toBe(may)
      expect(await revocationsOf(owner, [token.id])).toBe(may ? 1 : 0)
      // What Next's own client sends, to the page itself and to a page that everybody may see.
      const second = await scene.world.issue()
      const action = withIds(real.action, real.tokenId, second.id)
      for (const path of ['/sign-in', list(scene)]) {
        await replay(action, { url: product.webUrl + path, cookie })
      }
      expect(await revocationsOf(owner, [second.id])).toBe(may ? 1 : 0)
    })
  }
}

type RealRequests = { tokenId: string; form: SentForm; action: CapturedAction }
const known = new Map<Revoking, Promise<RealRequests>>()

/** What the right person's browser sends about a token that stays alive; the ids in it can be replaced. */
function realRequests(browser: Browser, product: Product, scene: Scene, revocation: Revoking) {
  const found = known.get(revocation) ?? recordRequests(browser, product, scene, revocation)
  known.set(revocation, found)
  return found
}

async function recordRequests(
  browser: Browser,
  product: Product,
  scene: Scene,
  { list, right: [right], button }: Revoking,
): Promise<RealRequests> {
  const { id: tokenId } = await scene.world.issue()
  const asked = {
    url: `${product.webUrl}${list(scene)}?revoke=${tokenId}`,
    cookie: scene.cookieOf[right as Caller],
    button,
  }
  const form = confirmed(await fieldsOfForm(browser, asked))
  return { tokenId, form, action: await captureRevocation(browser, asked) }
}
