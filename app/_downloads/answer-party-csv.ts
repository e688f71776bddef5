import type { Party } from '#lib/access/party.ts'
import { answerCsv } from './answer-csv.ts'
import { findPartyList, pageOfList } from './party-lists.ts'

/** A list of a store or partner as a CSV file, for its members. */
export function answerPartyCsv(request: Request, party: Party, name: string): Promise<Response> {
  const of = new URL(request.url).searchParams.get('of') ?? undefined
  return answerCsv(
    request,
    pageOfList(party, name, of),
    (reader, params) => findPartyList(reader, party, { name, params }),
    party,
  )
}
