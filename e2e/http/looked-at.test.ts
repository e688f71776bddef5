import { expect } from 'vitest'
import { stateOfLookUp } from '#lib/partners/look-up-limit.ts'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { test } from '../everyone/callers.ts'
import { useUpLookUps } from '../fixtures/look-ups.ts'

/** As a browser asks for a page: for one of ours, one of a bookmark, one that a page of somebody else led to. */
const sites = ['same-origin', 'none', 'cross-site', 'same-site', undefined]

test('however often the add-partner step is asked for, with whatever ID, nothing is counted', async ({
  scene,
  product,
  owner,
}) => {
  const { world, cookieOf } = scene
  const cookie = cookieOf['the right merchant']
  for (let n = 0; n < 40; n++) {
    const id = `ypa-${String(n).padStart(12, '9')}`
    const site = sites[n % sites.length]
    const step = n % 2 ? 'apis' : 'terms&api=order'
    const answer = await fetch(
      `${product.webUrl}${world.apiSettings}/add-partner?partner=${id}&step=${step}`,
      { method: n % 7 ? 'GET' : 'HEAD', headers: { cookie, ...(site && { 'sec-fetch-site': site }) } },
    )
    expect(answer.status).toBe(200)
    await answer.body?.cancel()
  }
  const { id: userId, name: userName } = world.storeOwner
  const actor = { side: 'merchant', userId, userName, role: 'owner', storeId: world.store.id } as const
  const state = () => stateOfLookUp(actor, 'ypa-000000000000', { db: owner })
  expect(await state()).toEqual({ isKnown: false, waitSeconds: 0 })
  // So many that were counted would have made them wait.
  await useUpLookUps(owner, world)
  expect((await state()).waitSeconds).toBeGreaterThan(0)
})

test('a token in a search leads on to the page without it, which says so', async ({ scene, product }) => {
  const { world, cookieOf } = scene
  const cookie = cookieOf['the right merchant']
  const { text, hash } = mintToken()
  const instead = `search=sha256%3A${hash.toString('base64url')}&`
  for (const page of [world.apiSettings, `${world.apiSettings}/partners`]) {
    const answer = await fetch(`${product.webUrl}${page}?search=${text}`, {
      headers: { cookie },
      redirect: 'manual',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `${page}?${page === world.apiSettings ? instead : ''}refused=token`,
    ])
    const shown = await fetch(`${product.webUrl}${answer.headers.get('location')}`, { headers: { cookie } })
    const html = await shown.text()
    expect(html).toContain('A token was typed or stood in the address.')
    expect(html).not.toContain(text)
  }
})
