import type { Route } from 'next'
import type { Actor } from '#lib/access/actor.ts'
import { actorFor } from '#lib/access/actors.ts'
import type { Party } from '#lib/access/party.ts'
import { wholeAccessHistory, wholeTokenHistory } from '#lib/audit/history.ts'
import type { Reader } from '#lib/auth/sessions/signed-in.ts'
import { evidenceOf } from '#lib/cut-offs/evidence.ts'
import { everyCutOff, findCutOffEntry } from '#lib/cut-offs/list.ts'
import { allMembers } from '#lib/members/list.ts'
import { allPartners, findListedPartner, readAccessQuery } from '#lib/partners/access-list.ts'
import { tokensOfPlan } from '#lib/plans/tokens-of-plan.ts'
import { getDatabase } from '#lib/process/database.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { allTokens, findToken } from '#lib/tokens/review/list.ts'
import { readListQuery, unreadFilters } from '#lib/tokens/review/list-query.ts'
import { allDeliveries } from '#lib/webhooks/list.ts'
import {
  accessListPath,
  accessPath,
  cutOffEntryPath,
  cutOffsPath,
  membersPath,
  type PartyListName,
  planPath,
  tokensPath,
  webhooksPath,
} from '../paths.ts'
import { requireSecondFactor } from '../second-factor-needed.ts'
import {
  cutOffColumns,
  deliveryColumns,
  evidenceColumns,
  historyColumns,
  memberColumns,
  partnerColumns,
  plannedColumns,
  tokenColumns,
} from './columns.ts'
import { type CsvList, csvList } from './csv-list.ts'

type Params = Record<string, string>

/** A list of a store or partner, for who works there; null for everybody else, and where there is no such list. */
export async function findPartyList(
  reader: Reader,
  party: Party,
  { name, params }: { name: string; params: Params },
): Promise<CsvList | string | null> {
  const actor = await actorFor(reader, party, { db: getDatabase() })
  if (!actor || !isListName(name)) return null
  await requireSecondFactor(reader, actor, 'page')
  return listOf(actor, name, params)
}

const unreadFilter = 'The address of the list has a filter that cannot be read. Choose it anew in the list'

const readers: Record<PartyListName, (actor: Actor, params: Params) => Promise<CsvList | string | null>> = {
  tokens: async (actor, params) => {
    // Without it the file would have all the tokens of the tab.
    if (unreadFilters(params).length > 0) return unreadFilter
    const query = { ...readListQuery(params, actor.side), after: undefined, before: undefined }
    return csvList(`${query.show}-tokens`, tokenColumns, allTokens(actor, query))
  },
  'partners-with-access': async (actor, params) =>
    actor.side === 'merchant'
      ? csvList('partners-with-access', partnerColumns, allPartners(actor, readAccessQuery(params)))
      : null,
  members: async (actor) => csvList('members', memberColumns, allMembers(actor)),
  'cut-offs': async (actor) => csvList('cut-offs', cutOffColumns, everyCutOff(actor)),
  'cut-off-evidence': async (actor, params) => {
    const cutOffId = rowIdSchema.safeParse(params.of).data
    const cutOff = cutOffId && (await findCutOffEntry(actor, { cutOffId }, { db: getDatabase() }))
    return cutOff ? csvList('cut-off-evidence', evidenceColumns, evidenceOf(actor, cutOff)) : null
  },
  deliveries: async (actor, params) => {
    const id = rowIdSchema.safeParse(params.of).data
    const rows = id && (await allDeliveries(actor, id, { db: getDatabase() }))
    return rows ? csvList('webhook-deliveries', deliveryColumns, rows) : null
  },
  'token-history': async (actor, params) => {
    const id = rowIdSchema.safeParse(params.of).data
    if (!id || !(await findToken(actor, id, { db: getDatabase() }))) return null
    return csvList('token-history', historyColumns(actor.side), wholeTokenHistory(actor, id))
  },
  'access-history': async (actor, params) => {
    if (actor.side !== 'merchant') return null
    const partner = await findListedPartner(actor, params.of ?? '', { db: getDatabase() })
    if (!partner) return null
    return csvList('access-history', historyColumns(actor.side), wholeAccessHistory(actor, partner.partnerId))
  },
  plan: async (actor, params) => {
    const planId = rowIdSchema.safeParse(params.of).data
    const rows = planId && (await tokensOfPlan(actor, planId, { db: getDatabase() }))
    return rows ? csvList('plan', plannedColumns, rows) : null
  },
}

const isListName = (name: string): name is PartyListName => Object.hasOwn(readers, name)
const listOf = (actor: Actor, name: PartyListName, params: Params) => readers[name](actor, params)

/** The page that shows the list. */
export function pageOfList(party: Party, name: string, of: string | undefined): Route {
  const own = tokensPath(party)
  if (!isListName(name)) return own
  switch (name) {
    case 'tokens':
      return own
    case 'members':
      return membersPath(party)
    case 'cut-offs':
      return cutOffsPath(party)
    case 'cut-off-evidence':
      return cutOffEntryPath(party, encodeURIComponent(of ?? ''))
    case 'deliveries':
      return `${webhooksPath(party)}/${encodeURIComponent(of ?? '')}` as Route
    case 'token-history':
      return `${own}/${encodeURIComponent(of ?? '')}` as Route
    case 'partners-with-access':
      return party.side === 'merchant' ? accessListPath(party.storeId) : own
    case 'access-history':
      return party.side === 'merchant' ? accessPath(party.storeId, encodeURIComponent(of ?? '')) : own
    case 'plan':
      return planPath(party, encodeURIComponent(of ?? ''))
  }
}
