import { answerPartyCsv } from '#app/_downloads/answer-party-csv.ts'

/** The lists of a store as files. */
export async function GET(request: Request, { params }: RouteContext<'/stores/[storeId]/csv/[list]'>) {
  const { storeId, list } = await params
  return answerPartyCsv(request, { side: 'merchant', storeId }, list)
}
export { GET as HEAD }
