import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { sideNames, sides } from '../everyone/actions/action.ts'
import { callers, test } from '../everyone/callers.ts'
import { postAsClient, type SentForm, showsLast } from './forms.ts'

/** The id under which the server of this build answers. */
function idOfAction(name: string): string {
  const { node } = JSON.parse(readFileSync('.next/server/server-reference-manifest.json', 'utf8'))
  const actions = Object.entries<{ exportedName: string }>(node)
  const [id] = actions.find(([, { exportedName }]) => exportedName === name) ?? []
  if (!id) throw new Error(`the build has no action ${name}`)
  return id
}

/** What each browser holds that has shown a page: with a cookie that is set on the way Next sends the whole page along. */
async function cookiesOfForms(webUrl: string): Promise<string> {
  const answer = await fetch(`${webUrl}/sign-in`)
  await answer.body?.cancel()
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ')
}

/** As the list asks for a dialog: no page has a form of it. */
function asking(party: object, fields: SentForm): SentForm {
  return [
    ['$ACTION_1:0', JSON.stringify({ id: idOfAction('openDialogOf'), bound: '$@1' })],
    ['$ACTION_1:1', JSON.stringify([party])],
    ...fields,
  ]
}

for (const side of sideNames) {
  const { changers, list, party } = sides[side]
  test(`a dialog of the ${side.toLowerCase()}’s list comes alone for ${changers.join(', ')}, and for no other caller`, async ({
    scene,
    product,
  }) => {
    const { world, cookieOf } = scene
    const [own, url] = [await world.issue(), `${product.webUrl}${list(scene)}`]
    const ofForms = await cookiesOfForms(product.webUrl)
    const bound = { side: side === 'Store' ? 'merchant' : 'partner', ...party(scene) }
    for (const to of ['revoke', 'renew']) {
      const form = asking(bound, [
        ['to', to],
        ['tokenId', own.id],
      ])
      const shown = []
      for (const caller of callers) {
        const answer = await postAsClient(url, form, { cookie: [cookieOf[caller], ofForms].join('; ') })
        const text = await answer.text()
        if (showsLast(text, own.last)) shown.push(caller)
        // Nothing of the list behind it comes along.
        expect(text, caller).not.toContain('Select all tokens on this page')
      }
      expect(shown).toEqual(callers.filter((caller) => (changers as string[]).includes(caller)))
    }
  })
}

test('what asks for no dialog is answered with none, and is no failure of ours', async ({
  scene,
  product,
}) => {
  const { world, others, cookieOf } = scene
  const url = `${product.webUrl}${world.apiSettings}`
  const from = { cookie: cookieOf['the right merchant'] }
  const party = { side: 'merchant', storeId: world.store.id }
  const [{ id }, foreign] = [await world.issue(), await others.issue()]
  const many: SentForm = Array.from({ length: 101 }, () => ['tokenId', id])
  const wrong: SentForm[] = [
    [['to', 'revoke']],
    [['tokenId', id]],
    [
      ['to', 'nothing'],
      ['tokenId', id],
    ],
    [
      ['to', 'revoke'],
      ['tokenId', 'none'],
    ],
    [['to', 'revoke'], ...many],
  ]
  for (const fields of wrong) {
    const answer = await postAsClient(url, asking(party, fields), from)
    expect(answer.status).toBe(200)
    expect(await answer.text()).not.toContain('consequences')
  }
  const answer = await postAsClient(
    url,
    asking(party, [
      ['to', 'revoke'],
      ['tokenId', foreign.id],
    ]),
    from,
  )
  const text = await answer.text()
  expect(text).toContain('One chosen token is')
  expect(showsLast(text, foreign.last)).toBe(false)
})
