import type { Route } from 'next'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, test } from 'vitest'
import type { Side } from '#lib/access/actor.ts'
import { inDays, now, renewed, tokenOf } from '#lib/tokens/model/test-token.ts'
import { RowSteps } from './row-steps.tsx'

type Facts = Parameters<typeof tokenOf>[0]

const { id } = tokenOf()

/** Where Revoke… leads to, and whether it is the step that is offered first or one behind ⋯. */
function revokeOf(side: Side, facts: Facts) {
  const behind = { list: '/list' as Route, params: [['show', 'expiring']] as [string, string][] }
  const markup = renderToStaticMarkup(createElement(RowSteps, { side, token: tokenOf(facts), behind }))
  const [first, more] = markup.split('<details')
  const hrefs = [first, more].map((part) =>
    part?.match(/href="([^"]*)"[^>]*>Revoke…/)?.[1]?.replaceAll('&amp;', '&'),
  )
  return { first: hrefs[0], more: hrefs[1] }
}

describe.each(['merchant', 'partner'] as const)('for a %s', (side) => {
  test.each<[string, Facts]>([
    ['was never used', { ...renewed, successorAdoptedAt: now }],
    [
      'was used before its successor came into use',
      { ...renewed, successorAdoptedAt: now, lastUsedAt: inDays(-1) },
    ],
  ])('an old token that %s can go now: its first step stores that it was replaced', (_, facts) => {
    expect(revokeOf(side, facts)).toEqual({ first: `/list?show=expiring&retire=${id}`, more: undefined })
  })

  test('an old token that is still used is revoked as replaced, too', () => {
    const facts = { ...renewed, successorAdoptedAt: inDays(-1), lastUsedAt: now }
    expect(revokeOf(side, facts)).toEqual({ first: undefined, more: `/list?show=expiring&retire=${id}` })
  })

  test.each<[string, Facts]>([
    ['whose successor is not in use yet', { ...renewed, lastUsedAt: now }],
    ['that was not renewed', { lastUsedAt: now }],
  ])('a token %s is revoked for a reason of its own', (_, facts) => {
    expect(revokeOf(side, facts)).toEqual({ first: undefined, more: `/list?show=expiring&revoke=${id}` })
  })
})
