import { answerReceipt } from '#app/_downloads/answer-receipt.ts'

/** A receipt of a revoked token of a store. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/stores/[storeId]/receipts/[tokenId]/[subject]'>,
) {
  const { storeId, ...asked } = await params
  return answerReceipt(request, { side: 'merchant', storeId }, asked)
}
export { GET as HEAD }
