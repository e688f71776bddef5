import { answerFind } from '#app/_finds/answer-find.ts'

/** A text that is searched for the store's tokens. */
export async function POST(request: Request, { params }: RouteContext<'/stores/[storeId]/find'>) {
  const { storeId } = await params
  return answerFind(request, { side: 'merchant', storeId })
}
