import { expect } from 'vitest'
import { callers, test } from '../everyone/callers.ts'
import { revocationsOf } from '../everyone/record.ts'
import { revoking } from '../everyone/revoking.ts'
import { changed, confirmed, fieldsOfForm, post, postAsClient } from './forms.ts'

for (const [of, { list, right, button }] of Object.entries(revoking)) {
  test(`the revoke form of a ${of} revokes for ${right.join(', ')}, and for no other caller`, async ({
    scene,
    owner,
    product,
  }) => {
    // About a token that stays alive; the ids in it are replaced.
    const real = await scene.world.issue()
    const page = product.webUrl + list(scene)
    const asked = {
      url: `${page}?revoke=${real.id}`,
      cookie: scene.cookieOf[right[0] ?? 'an operator'],
      button,
    }
    const form = confirmed(await fieldsOfForm(asked))
    const outcomes = callers.map(async (caller) => {
      const cookie = scene.cookieOf[caller]
      const token = await scene.world.issue()
      // As a browser does: to the address that has the dialog.
      const dialog = `${page}?revoke=${token.id}`
      const html = await (await post(dialog, changed(form, real.id, token.id), { cookie })).text()
      // What Next's own client sends, to the page itself and to a page that everybody may see.
      const second = await scene.world.issue()
      const action = changed(form, real.id, second.id)
      for (const url of [`${product.webUrl}/sign-in`, page]) {
        const answer = await postAsClient(url, action, { cookie })
        await answer.body?.cancel()
      }
      const says = html.includes('is revoked')
      return [caller, says, await revocationsOf(owner, [token.id]), await revocationsOf(owner, [second.id])]
    })
    const expected = callers.map((caller) =>
      right.includes(caller) ? [caller, true, 1, 1] : [caller, false, 0, 0],
    )
    expect(await Promise.all(outcomes)).toEqual(expected)
    expect(await revocationsOf(owner, [real.id])).toBe(0)
  })
}
