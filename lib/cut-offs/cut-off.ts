import { v7 as uuidv7 } from 'uuid'
import type { Queryable } from '#db/client.ts'
import { isToBeReached } from '#db/queries/tokens/campaigns.ts'
import {
  findCutOff,
  findCutOffOfAll,
  findNamesOfExtent,
  insertCutOff,
  lockForCutOff,
  type NamesOfExtent,
  sampleOfCutOff,
  secondsUntilNextCutOff,
} from '#db/queries/tokens/cut-offs.ts'
import { listOlderGateways } from '#db/queries/verification/gateway-processes.ts'
import { reportCutOff } from '#db/revocation-reports.ts'
import { afterCommit, type OnStandby } from '#db/transaction.ts'
import { type ActingCredential, type Actor, recordedActing } from '../access/actor.ts'
import { committing } from '../access/changing.ts'
import type { Operator } from '../access/operators.ts'
import { asChanger, asHeldOwnerOrProgram, asOperator, type Right } from '../access/rights.ts'
import { recordAudit } from '../audit/record.ts'
import { endCampaignsOf } from '../back-in-service/end.ts'
import type { Database } from '../process/database.ts'
import { log } from '../process/log.ts'
import type { TooOften } from '../rate-limits/too-often.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type CutOffExtent, extentOf } from './extent.ts'
import { cutOffLimit, oldGatewayGoneAfterMs, sampleSize } from './limits.ts'
import type { CutOffInput, CutOffReason, OperatorCutOffInput } from './schemas.ts'

export type CutOffOutcome = {
  cutOffId: string
  /** Everything that was issued up to this moment of the database's is revoked; what is issued later lives. */
  at: Date
  /** '' for every one of them. */
  storeId: string
  partnerId: string
  /** Whose tokens ended, as the person had to type it. */
  name: string
  reason: CutOffReason
  /** Whether a live token was left for it; nobody is asked about the refusal of none. `unknown`: they could not be read. */
  ended: 'some' | 'none' | 'unknown'
  /** As of a revocation. */
  onStandby: OnStandby
}

/** With a sample of the tokens that it ended, the newest, to prove their refusal by: none where nothing was left to end. */
export type CutOffDone = CutOffOutcome & { revokedIds: string[] }

/**
 * `not-allowed`: a viewer, or, where it is about a whole store or partner, no owner. `not-found`: no such pair, store or
 * partner. `name-differs`: another name was typed. `older-gateways`: a gateway of the version before is alive, which would go
 * on accepting the tokens. `too-often`: {@link cutOffLimit}.
 */
export type CutOffRefusal =
  | 'signed-out'
  | 'not-allowed'
  | 'not-found'
  | 'name-differs'
  | 'older-gateways'
  | TooOften

type Tools = { db: Database; address: string | null }

type Cause = Pick<CutOffInput, 'cutOffId' | 'name' | 'reason' | 'note'>

/**
 * Ends at once every token of the actor's store or partner, or of the pair with `otherId`, that was issued up to now: one row,
 * which every call looks at (docs/decisions/016-cut-offs.md). Once it answers, no call with them is accepted. Of a pair
 * whoever may revoke may do so, of a whole store or partner its owners, and a program that they let. A form that is sent twice (`cutOffId`) gets what came of it
 * the first time: what was issued since then lives. Where nothing was issued since the last cut-off of all of it, by whomever, the
 * answer is that one. A partner's campaigns end with a cut-off at all its stores.
 * @param address where the request came from, for the record.
 */
export function cutOff(
  actor: Actor,
  { otherId, ...cause }: CutOffInput,
  tools: Tools,
): Promise<Result<CutOffDone, CutOffRefusal>> {
  const right: Right<CutOffRefusal> = otherId === undefined ? asHeldOwnerOrProgram(actor) : asChanger(actor)
  const { side, credential } = actor
  const by = { side, ...recordedActing(actor), ...(credential && { credential }) }
  return cutOffAs(right, by, extentOf(actor, otherId), cause, tools)
}

/** The same by an operator of the platform, of all of a store or of a partner. */
export function cutOffByOperator(
  operator: Operator,
  { of, id, ...cause }: OperatorCutOffInput,
  tools: Tools,
): Promise<Result<CutOffDone, CutOffRefusal>> {
  const extent = of === 'store' ? { storeId: id, partnerId: '' } : { storeId: '', partnerId: id }
  const { userId, userName } = operator
  const by = { side: 'operator', userId, userName, userRole: null } as const
  return cutOffAs(asOperator(operator), by, extent, cause, tools)
}

type By = Pick<Parameters<typeof insertCutOff>[1], 'side' | 'userId' | 'userName' | 'userRole'> & {
  credential?: ActingCredential
}

/** Whose cut-offs are counted. */
function partyOf({ side, userId }: By, { storeId, partnerId }: CutOffExtent) {
  switch (side) {
    case 'merchant':
      return { side, storeId }
    case 'partner':
      return { side, partnerId }
    case 'operator':
      return { side, userId }
  }
}

/**
 * The cut-off that another one would add nothing to. Where the worker has yet to come to the store after it, another one does: the
 * campaign then issues nothing there without a person.
 */
async function findWhatEndsIt(tx: Queryable, extent: CutOffExtent) {
  const last = await findCutOffOfAll(tx, extent)
  if (!last || extent.storeId === '') return last
  return (await isToBeReached(tx, extent, last.at)) ? undefined : last
}

async function cutOffAs(
  right: Right<CutOffRefusal>,
  by: By,
  extent: CutOffExtent,
  { cutOffId, name, reason, note }: Cause,
  { db, address }: Tools,
): Promise<Result<CutOffDone, CutOffRefusal>> {
  let isNothingNew = false
  const { value: made, onStandby } = await committing<
    { name: string },
    Omit<CutOffOutcome, 'onStandby' | 'ended'>,
    CutOffRefusal
  >(right, db, {
    async lock(tx) {
      const names = await findNamesOfExtent(tx, extent)
      if (!names) return refuse('not-found')
      const wanted = nameOf(by.side, extent, names)
      if (comparable(wanted) !== comparable(name)) return refuse('name-differs')
      const older = await listOlderGateways(tx, { knowing: 'cut-offs', withinMs: oldGatewayGoneAfterMs })
      if (older.length > 0) return refuse('older-gateways')
      // As late as can be, for everybody who issues waits from here on: nothing that others hold for long is waited for behind it,
      // such as the row of the store or partner.
      await lockForCutOff(tx)
      return ok({ name: wanted })
    },
    async change(tx, { name: typed }) {
      const before = cutOffId === undefined ? undefined : await findCutOff(tx, cutOffId)
      if (before) {
        const isSame =
          before.userId === by.userId &&
          before.storeId === extent.storeId &&
          before.partnerId === extent.partnerId
        if (!isSame) return refuse('not-found')
        return ok({ cutOffId: before.id, at: before.at, ...extent, name: typed, reason: before.reason })
      }
      // Each row costs every look-up of a token something: none is written that would end nothing.
      const last = await findWhatEndsIt(tx, extent)
      isNothingNew = last !== undefined
      if (last) return ok({ cutOffId: last.id, at: last.at, ...extent, name: typed, reason: last.reason })
      const waitSeconds = await secondsUntilNextCutOff(tx, partyOf(by, extent), {
        ...cutOffLimit,
        ofPairs: extent.storeId !== '' && extent.partnerId !== '',
      })
      if (waitSeconds > 0) return refuse({ kind: 'too-often', waitSeconds })
      const id = cutOffId ?? uuidv7()
      const at = await insertCutOff(tx, {
        ...{ id, ...extent, ...by, reason, note: note ?? null },
        credentialId: by.credential?.id ?? null,
      })
      await recordCutOff(tx, { id, at, by, extent, reason, note, address })
      if (extent.storeId === '') {
        const endedBy = by.side === 'operator' ? null : { ...by, role: by.userRole ?? null }
        const ends = { at, cutOffId: id, by: endedBy, audit: auditedAs(by, address) }
        await endCampaignsOf(tx, extent, ends)
      }
      afterCommit(() =>
        reportCutOff({ cutOffId: id, ...extent, at, side: by.side, userId: by.userId, reason }),
      )
      return ok({ cutOffId: id, at, ...extent, name: typed, reason })
    },
  })
  if (!made.ok) return made
  if (isNothingNew) return ok({ ...made.value, ended: 'none', revokedIds: [], onStandby })
  // They are dead by now, whatever becomes of this: what proves it is read while nobody's call depends on it.
  const sample = await sampleOfCutOff(db, made.value, sampleSize).catch((error) => {
    log.error(
      { err: error, cutOffId: made.value.cutOffId },
      'the tokens that prove a cut-off could not be read',
    )
  })
  const ended = !sample ? 'unknown' : sample.length > 0 ? 'some' : 'none'
  return ok({ ...made.value, ended, revokedIds: sample ?? [], onStandby })
}

/** Of the pair the other side's, else that of the whole. */
function nameOf(side: By['side'], { storeId, partnerId }: CutOffExtent, names: NamesOfExtent): string {
  if (partnerId === '') return names.storeName
  if (storeId === '') return names.partnerName
  return side === 'partner' ? names.storeName : names.partnerName
}

/** Spaces and composed letters are typed in more than one way; all else has to be as it is. */
const comparable = (name: string) => name.normalize('NFC').replace(/\s+/gu, ' ').trim()

async function recordCutOff(
  tx: Queryable,
  cut: {
    id: string
    at: Date
    by: By
    extent: CutOffExtent
    reason: CutOffReason
    note: string | undefined
    address: string | null
  },
) {
  const { details, ...audited } = auditedAs(cut.by, cut.address)
  await recordAudit(tx, [
    {
      action: 'tokens.cut-off',
      occurredAt: cut.at,
      ...audited,
      storeId: cut.extent.storeId || null,
      partnerId: cut.extent.partnerId || null,
      reason: cut.reason,
      note: cut.note ?? null,
      details: { cutOffId: cut.id, at: cut.at.toISOString(), ...details },
    },
  ])
}

/** An operator is on neither side: the details say so. */
function auditedAs({ side, userId, userName, userRole, credential }: By, address: string | null) {
  const person = { userId, userName, ...(userRole && { role: userRole }), ...(credential && { credential }) }
  return side === 'operator'
    ? { by: person, address, details: { by: 'operator' } }
    : { by: { ...person, side }, address, details: {} }
}
