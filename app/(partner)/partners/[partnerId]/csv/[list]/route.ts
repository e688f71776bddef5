import { answerPartyCsv } from '#app/_downloads/answer-party-csv.ts'

/** The lists of a partner as files. */
export async function GET(request: Request, { params }: RouteContext<'/partners/[partnerId]/csv/[list]'>) {
  const { partnerId, list } = await params
  return answerPartyCsv(request, { side: 'partner', partnerId }, list)
}
export { GET as HEAD }
