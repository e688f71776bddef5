import { z } from 'zod'
import { readConsistency } from '#lib/receipts/consistency.ts'
import { answerOfLog } from '../../_downloads/answer-of-log.ts'

const size = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number)
const query = z.object({ from: size, to: size.optional() })

/** That one head of the log of receipts is the beginning of another, for everybody (docs/receipts.md). */
export function GET(request: Request) {
  const asked = query.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  return answerOfLog(async (db) => {
    const usage = 'Say of how many entries: ?from=41&to=97. to may be left out.\n'
    if (!asked.success) return { status: 400, text: usage }
    const proof = await readConsistency(asked.data, { db })
    if (proof.ok) return { status: 200, text: proof.value }
    switch (proof.refusal) {
      case 'none':
        return { status: 404, text: 'Nothing is signed here.\n' }
      case 'not-signed':
        return { status: 404, text: `Nothing was signed of ${asked.data.to} entries.\n` }
      case 'no-range':
        return { status: 400, text: 'The log has fewer entries than from.\n' }
    }
  })
}
export { GET as HEAD }
