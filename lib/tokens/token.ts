import type { TokenRow } from '#db/queries/tokens.ts'
import { type HandoverStatus, handoverStatusOf } from './handover.ts'
import { isExpiring, isInUse, statusOf, type TokenStatus } from './status.ts'

/** A token as both sides see it. Never its text, which nobody has. */
export type Token = TokenRow & {
  status: TokenStatus
  expiring: boolean
  inUse: boolean
  handoverStatus: HandoverStatus
}

/** Adds what its facts say at the database's time of the row. */
export function describeToken(row: TokenRow): Token {
  return {
    ...row,
    status: statusOf(row, row.asOf),
    expiring: isExpiring(row, row.asOf),
    inUse: isInUse(row, row.asOf),
    handoverStatus: handoverStatusOf(row, row.asOf),
  }
}
