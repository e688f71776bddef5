import { answerReceipt } from '#app/_downloads/answer-receipt.ts'

/** A receipt of a revoked token of a partner. */
export async function GET(
  request: Request,
  { params }: RouteContext<'/partners/[partnerId]/receipts/[tokenId]/[subject]'>,
) {
  const { partnerId, ...asked } = await params
  return answerReceipt(request, { side: 'partner', partnerId }, asked)
}
export { GET as HEAD }
