import type { Route } from 'next'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { expectedOutcome, type RevocationReview } from '#lib/tokens/review/review.ts'
import { revokeDialogOf, TokensToRevoke } from './revocation-review.tsx'

const asOf = new Date('2026-11-23T12:00:00Z')

const live = (id: string, calls: number) =>
  ({
    id,
    asOf,
    status: 'new',
    partnerName: 'Parcel Pilot',
    sortedByPartnerName: 'Parcel Pilot',
    partnerId: 'pilot',
    storeName: 'Lamps',
    sortedByStoreName: 'Lamps',
    storeId: 'lamps',
    lastCharacters: 'Ab12',
    lastUsedAt: null,
    expiresAt: asOf,
    blastRadius: { calls: 0, apis: [], addresses: 0, successor: null },
    days: [{ day: '2026-11-23', calls, refusals: 0 }],
  }) as unknown as RevocationReview['live'][number]

test.each(['merchant', 'partner'] as const)(
  'the %s sees the last days of each token that will die',
  (side) => {
    const review = reviewOf([live('one', 7), live('two', 12)])
    const markup = renderToStaticMarkup(createElement(TokensToRevoke, { side, review }))
    const pictures = [...markup.matchAll(/<svg role="img".*?<title>(\d+ calls)/g)].map(([, calls]) => calls)
    expect(pictures).toEqual(['7 calls', '12 calls'])
  },
)

function reviewOf(live: RevocationReview['live']): RevocationReview {
  const review = { live, ended: [], missing: 0, siblings: [], siblingCount: 0, siblingsUntil: asOf }
  return { ...review, expected: expectedOutcome(review) }
}
const of = (id: string, partner: string, calls: number) => ({
  ...live(id, calls),
  ...{ partnerId: partner, partnerName: partner, lastCharacters: id },
  blastRadius: { calls, apis: [], addresses: 0, successor: null },
})
const titleOf = (...tokens: RevocationReview['live']) =>
  revokeDialogOf('merchant', reviewOf(tokens), '/list' as Route)

test('the title says whose tokens, and how many, and the reason’s reader where there is one', () => {
  const [a, b, c] = [of('a', 'Tern', 1), of('b', 'Tern', 1), of('c', 'Gull', 1)]
  expect(titleOf(a)).toMatchObject({ title: 'Revoke Tern’s token?', reader: 'Tern', count: 1 })
  expect(titleOf(a, b)).toMatchObject({ title: 'Revoke Tern’s 2 tokens?', reader: 'Tern', count: 2 })
  expect(titleOf(a, b, c)).toMatchObject({ title: 'Revoke 3 tokens of 2 partners?', reader: null })
})

test('what ends is grouped by partner, the one with the most calls first', () => {
  const review = reviewOf([
    of('aaaa', 'Tern', 5),
    of('bbbb', 'Gull', 0),
    of('cccc', 'Gull', 9),
    of('dddd', 'Tern', 1),
  ])
  const markup = renderToStaticMarkup(createElement(TokensToRevoke, { side: 'merchant', review }))
  const order = [...markup.matchAll(/<bdi[^>]*>(\w+)<|<\/span>([a-d]{4})</g)].map(
    ([, group, token]) => group ?? token,
  )
  expect(order).toEqual(['Gull', 'cccc', 'bbbb', 'Tern', 'aaaa', 'dddd'])
})
