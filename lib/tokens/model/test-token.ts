import type { TokenRow } from '#db/queries/tokens/tokens.ts'
import { dayMs } from '../../time/units.ts'
import { describeToken, type Token } from './token.ts'

export const now = new Date('2026-11-23T12:00:00Z')
export const inDays = (days: number) => new Date(now.getTime() + days * dayMs)

/** A row as the database has it of a live token that nobody has used, renewed or planned anything for. */
export function rowOf(facts: Partial<TokenRow> = {}): TokenRow {
  return {
    id: '01900000-0000-7000-8000-000000000001',
    lastCharacters: 'aB3-',
    storeId: 'harbor-lights',
    storeName: 'Harbor Lights',
    storePackage: 'standard',
    partnerId: 'ypa-005259400001',
    partnerName: 'Parcel Pilot, Inc.',
    sortedByStoreName: 'Harbor Lights',
    sortedByPartnerName: 'Parcel Pilot, Inc.',
    apis: ['order'],
    predecessorId: null,
    predecessorLastCharacters: null,
    createdAt: inDays(-100),
    expiresAt: inDays(200),
    successorId: null,
    successorLastCharacters: null,
    successorAdoptedAt: null,
    plannedAt: null,
    retireAt: null,
    plannedFrom: null,
    plannedBy: null,
    plannedByEmail: null,
    plannedByRole: null,
    adoptedAt: null,
    lastUsedAt: null,
    lastApi: null,
    lastAddress: null,
    lastClient: null,
    revokedAt: null,
    revokedFrom: null,
    cutOffId: null,
    revokedBy: null,
    revokedByEmail: null,
    revokedByRole: null,
    reason: null,
    note: null,
    pauses: [],
    attempts: null,
    handover: null,
    rank: null,
    asOf: now,
    ...facts,
  }
}

export const tokenOf = (facts: Partial<TokenRow> = {}): Token => describeToken(rowOf(facts))

/** A token that was renewed: what goes on is live. */
export const renewed = { successorId: 'the-new-one', successorLastCharacters: 'Zz9_' } as const

/** An hour of a pause is left. */
export const pauseRow = (
  side: 'merchant' | 'partner',
  facts: Partial<TokenRow['pauses'][number]> = {},
): TokenRow['pauses'][number] => ({
  ...{ side, number: 1, endsAs: 'resumed', begunAt: inDays(-1).toISOString() },
  ...{ endsAt: inDays(1 / 24).toISOString(), reason: null, note: null },
  ...{ by: 'Owner', byEmail: null, byRole: 'owner', isAfterReport: false, attempts: null },
  ...facts,
})
