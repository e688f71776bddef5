import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { RevocationReview } from '#lib/tokens/review/review.ts'
import { TokensToRevoke } from './revocation-review.tsx'

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
    const review: RevocationReview = {
      live: [live('one', 7), live('two', 12)],
      ended: [],
      missing: 0,
      siblings: [],
      siblingCount: 0,
      siblingsUntil: asOf,
    }
    const markup = renderToStaticMarkup(createElement(TokensToRevoke, { side, review }))
    const pictures = [...markup.matchAll(/<svg role="img".*?<title>(\d+ calls)/g)].map(([, calls]) => calls)
    expect(pictures).toEqual(['7 calls', '12 calls'])
  },
)
