import type { Route } from 'next'
import { actorFor } from '#lib/access/actors.ts'
import type { Party } from '#lib/access/party.ts'
import { getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'
import { type Receipt, type ReceiptSubject, readReceipt, receiptSubjects } from '#lib/receipts/receipt.ts'
import { rowIdSchema } from '#lib/text/row-id.ts'
import { signInHref } from '../_auth/callback-url.ts'
import { currentUser, hasSessionCookie } from '../_auth/current-user.ts'
import { tokensPath } from '../paths.ts'
import { requireSecondFactor } from '../second-factor-needed.ts'
import { fromElsewhere, isLedHere, redirectTo, sentence } from './no-file.ts'

type Asked = { tokenId: string; subject: string }

/** A receipt of a revoked token as a file (docs/receipts.md), for members of the store or partner. */
export async function answerReceipt(request: Request, party: Party, asked: Asked): Promise<Response> {
  const back = `${tokensPath(party)}/${encodeURIComponent(asked.tokenId)}` as Route
  try {
    const reader = await currentUser()
    if (!reader) {
      const error = (await hasSessionCookie()) ? 'session-ended' : undefined
      return redirectTo(signInHref({ callbackUrl: back, error }))
    }
    if (isLedHere(request)) return sentence(403, fromElsewhere, back)
    const db = getDatabase()
    const actor = await actorFor(reader, party, { db })
    const tokenId = rowIdSchema.safeParse(asked.tokenId).data
    const subject = receiptSubjects.find((one): one is ReceiptSubject => one === asked.subject)
    if (!actor || !tokenId || !subject) return sentence(404, 'There is nothing here', back)
    await requireSecondFactor(reader, actor, 'page')
    const receipt = await readReceipt(actor, { tokenId, subject }, { db })
    if (receipt.ok) return new Response(receipt.value.text, { headers: headersOf(tokenId, receipt.value) })
    switch (receipt.refusal) {
      case 'not-found':
        return sentence(404, 'There is nothing here', back)
      case 'none':
        return sentence(
          404,
          'Of this there is no receipt: it is older than the log of receipts, or nothing is signed here',
          back,
        )
      case 'not-yet':
        return sentence(503, 'The receipt is not signed yet. Try again in a minute', back)
    }
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'a receipt could not be read from the database')
    return sentence(503, 'Our database did not answer. Try again in a moment', back)
  }
}

function headersOf(tokenId: string, { subject }: Pick<Receipt, 'subject'>) {
  return {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Disposition': `attachment; filename="${subject}-${tokenId}.tlog-proof"`,
    'Cache-Control': 'no-store',
  }
}
