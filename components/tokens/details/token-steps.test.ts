import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { inDays, now, pauseRow, renewed, tokenOf } from '#lib/tokens/model/test-token.ts'
import { TokenSteps } from './token-steps.tsx'

type Facts = Parameters<typeof tokenOf>[0]

/** The steps by their words, with the ground that each is filled with; none: it is outlined. */
function stepsOf(facts: Facts) {
  const markup = renderToStaticMarkup(
    createElement(TokenSteps, { side: 'merchant', token: tokenOf(facts), list: '/' }),
  )
  const links = [...markup.matchAll(/<a [^>]*class="([^"]*)"[^>]*>([^<]*)</g)]
  return links.map(([, look, text]) => [text, look?.match(/(?<!:)\bbg-(accent|danger-fill)\b/)?.[1] ?? null])
}

test.each<[string, Facts, unknown[]]>([
  ['ends in 20 hours: to renew it', { expiresAt: inDays(20 / 24) }, ['Renew…', 'accent']],
  [
    'is old and not used any more: to revoke it',
    { ...renewed, successorAdoptedAt: now },
    ['Revoke…', 'danger-fill'],
  ],
])('the one filled button of a token that %s', (_, facts, filled) => {
  expect(stepsOf(facts).filter(([, ground]) => ground !== null)).toEqual([filled])
})

test.each<[string, Facts, string]>([
  [
    'that is still used, and whose successor is in use',
    { successorAdoptedAt: inDays(-1), lastUsedAt: now },
    'retire',
  ],
  ['whose successor is not in use yet', { lastUsedAt: now }, 'revoke'],
])('as in its row, Revoke… of an old token %s opens the dialog that says so', (_, facts, dialog) => {
  const token = tokenOf({ ...renewed, ...facts })
  const markup = renderToStaticMarkup(createElement(TokenSteps, { side: 'merchant', token, list: '/' }))
  expect(markup).toContain(`href="/?${dialog}=${token.id}"`)
})

test('of a token in use nothing is loud, and red is outlined', () => {
  expect(stepsOf({ lastUsedAt: now })).toEqual([
    ['Renew…', null],
    ['Pause…', null],
    ['Revoke…', null],
  ])
})

test('of a token that is paused the side that paused it resumes it, and the other revokes it or pauses it too', () => {
  const paused = { pauses: [pauseRow('merchant')] }
  expect(stepsOf(paused).map(([text]) => text)).toEqual(['Resume…', 'Revoke…'])
  expect(stepsOf({ pauses: [pauseRow('partner')] }).map(([text]) => text)).toEqual(['Pause…', 'Revoke…'])
})

test.each([
  ['that was renewed cannot be renewed', renewed, ['Pause…', 'Revoke…']],
  ['of a store without APIs cannot be renewed', { storePackage: 'starter' as const }, ['Pause…', 'Revoke…']],
  ['that is revoked has no next step', { revokedAt: now }, []],
])('a token %s', (_, facts, steps) => {
  expect(stepsOf(facts).map(([text]) => text)).toEqual(steps)
})
