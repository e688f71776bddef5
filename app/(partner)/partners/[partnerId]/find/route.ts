import { answerFind } from '#app/_finds/answer-find.ts'

/** A text that is searched for the partner's tokens. */
export async function POST(request: Request, { params }: RouteContext<'/partners/[partnerId]/find'>) {
  const { partnerId } = await params
  return answerFind(request, { side: 'partner', partnerId })
}
