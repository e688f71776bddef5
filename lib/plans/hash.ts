import { createHash } from 'node:crypto'
import type { PlanKind } from './kinds.ts'

/** SHA-256 of what is done and of the ids that it is done to: what the form sends back that confirms it. Lower-case hex. */
export function planHash(kind: PlanKind, idsHash: Buffer): string {
  return createHash('sha256').update(kind).update(' ').update(idsHash).digest('hex')
}
