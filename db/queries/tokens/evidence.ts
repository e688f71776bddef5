import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../client.ts'
import { cutOffs } from '../../schema/cut-offs.ts'
import { handovers } from '../../schema/handovers.ts'
import { partners } from '../../schema/partners.ts'
import { stores } from '../../schema/stores.ts'
import { tokenAddresses } from '../../schema/token-addresses.ts'
import { tokenUsage } from '../../schema/token-usage.ts'
import { tokenUsageDays } from '../../schema/token-usage-days.ts'
import { tokenUsageHours } from '../../schema/token-usage-hours.ts'
import { tokens } from '../../schema/tokens.ts'
import { asId } from '../keyset.ts'
import type { Party } from '../party.ts'
import { type CutOffExtent, inExtent } from './cut-offs.ts'
import { isEndedByCutOff } from './ends.ts'

/** A line of the evidence of a cut-off: one token that it ended. */
export type EvidenceRow = {
  id: string
  lastCharacters: string
  storeId: string
  storeName: string
  partnerId: string
  partnerName: string
  createdAt: Date
  expiresAt: Date
  endedAt: Date
  endedFrom: string
  reason: string
  note: string | null
  lastUsedAt: Date | null
  /** The last ones, at most {@link maxAddresses}; `addressCount` of all that are kept. */
  addresses: string[]
  addressCount: number
  /** Accepted and refused ones, in the 30 days up to the cut-off. */
  calls: number
  refusals: number
  /** The first token of the same store and partner that was issued since; all null: there was none. */
  replacementId: string | null
  replacedAt: Date | null
  collectedAt: Date | null
  /** The hour in which it was first used, as far back as hours are kept, else the day. */
  firstUsedAt: Date | null
}

/** Behind which token the next batch begins. */
export type EvidencePlace = { createdAt: string; id: string }

export const maxAddresses = 20
const days = 30

const scoped = (scope: Party | 'everybody'): SQL =>
  scope === 'everybody'
    ? sql`true`
    : scope.side === 'merchant'
      ? sql`tokens.store_id = ${scope.storeId}`
      : sql`tokens.partner_id = ${scope.partnerId}`

/**
 * What a cut-off ended, in the order in which the tokens were made, from one on: of a party its own only. Walks the tokens of
 * the cut-off's extent by an index, `limit` at once.
 */
export async function readEvidence(
  db: Queryable,
  scope: Party | 'everybody',
  cutOff: CutOffExtent & { id: string },
  { after, limit }: { after: EvidencePlace | undefined; limit: number },
): Promise<(EvidenceRow & WithPlace)[]> {
  const { rows } = await db.execute<Raw>(sql`
    with cut_off as materialized (
      select * from ${cutOffs} where id = ${asId(cutOff.id)}
    ), ended as materialized (
      select tokens.*, cut_off.at, cut_off.side as ended_from, cut_off.reason, cut_off.note
      from cut_off cross join ${tokens}
      where ${inExtent(narrowed(cutOff, scope))} and ${scoped(scope)}
        and tokens.created_at <= (select at from cut_off)
        ${after ? sql`and (tokens.created_at, tokens.id) > (${after.createdAt}::timestamptz, ${asId(after.id)})` : sql``}
        and ${isEndedByCutOff}
      order by tokens.created_at, tokens.id limit ${limit}
    )
    select ended.id, ended.last_characters as "lastCharacters", ended.store_id as "storeId", ended.partner_id as "partnerId",
      (select name from ${stores} where id = ended.store_id) as "storeName",
      (select name from ${partners} where id = ended.partner_id) as "partnerName",
      ended.created_at as "createdAt", ended.created_at::text as "createdAtText", ended.expires_at as "expiresAt", ended.at as "endedAt",
      ended.ended_from as "endedFrom", ended.reason, ended.note, usage.last_used_at as "lastUsedAt",
      coalesce(addresses.list, '{}') as addresses, coalesce(addresses.count, 0)::int as "addressCount",
      coalesce(old.calls, 0) + coalesce(new.calls, 0) as calls, coalesce(old.refusals, 0) + coalesce(new.refusals, 0) as refusals,
      replacement.id as "replacementId", replacement.created_at as "replacedAt", handover.collected_at as "collectedAt",
      first_use.at as "firstUsedAt"
    from ended
      left join ${tokenUsage} usage on usage.token_id = ended.id
      left join lateral (
        select array_agg(address order by last_used_at desc) filter (where place <= ${maxAddresses}) as list, count(*) as count
        from (select address, last_used_at, row_number() over (order by last_used_at desc) as place
          from ${tokenAddresses} where token_id = ended.id) kept
      ) addresses on true
      left join lateral (
        select sum(calls)::float8 as calls, sum(refusals)::float8 as refusals from ${tokenUsageDays}
        where token_id = ended.id and day > (ended.at at time zone 'UTC')::date - ${days}::int
          and day <= (ended.at at time zone 'UTC')::date
      ) old on true
      left join lateral (
        select sum(calls)::float8 as calls, sum(refusals)::float8 as refusals from ${tokenUsageHours}
        where token_id = ended.id and hour > ended.at - ${days}::int * interval '1 day' and hour <= ended.at
      ) new on true
      left join lateral (
        select id, created_at from ${tokens} later
        where later.store_id = ended.store_id and later.partner_id = ended.partner_id and later.created_at > ended.at
        order by later.created_at, later.id limit 1
      ) replacement on true
      left join ${handovers} handover on handover.token_id = replacement.id
      left join lateral (
        select least((select min(hour) from ${tokenUsageHours} where token_id = replacement.id and calls > 0),
          (select min(day) from ${tokenUsageDays} where token_id = replacement.id and calls > 0)::timestamp at time zone 'UTC') as at
      ) first_use on true
    order by ended.created_at, ended.id`)
  return rows.map(withDates)
}

type WithPlace = { place: EvidencePlace }
type Moments =
  | 'createdAt'
  | 'expiresAt'
  | 'endedAt'
  | 'lastUsedAt'
  | 'replacedAt'
  | 'collectedAt'
  | 'firstUsedAt'
type Raw = Omit<EvidenceRow, Moments> & Record<Moments, string | null> & { createdAtText: string }

function withDates(row: Raw): EvidenceRow & WithPlace {
  const { createdAtText, ...rest } = row
  const moment = (text: string | null) => (text === null ? null : new Date(text))
  return {
    ...rest,
    createdAt: new Date(row.createdAt ?? Number.NaN),
    expiresAt: new Date(row.expiresAt ?? Number.NaN),
    endedAt: new Date(row.endedAt ?? Number.NaN),
    lastUsedAt: moment(row.lastUsedAt),
    replacedAt: moment(row.replacedAt),
    collectedAt: moment(row.collectedAt),
    firstUsedAt: moment(row.firstUsedAt),
    place: { createdAt: createdAtText, id: row.id },
  }
}

/** The cut-off's extent within the party's own: of a store at which a partner was cut off everywhere, the pair. */
const narrowed = ({ storeId, partnerId }: CutOffExtent, scope: Party | 'everybody'): CutOffExtent => ({
  storeId: scope !== 'everybody' && scope.side === 'merchant' ? scope.storeId : storeId,
  partnerId: scope !== 'everybody' && scope.side === 'partner' ? scope.partnerId : partnerId,
})
