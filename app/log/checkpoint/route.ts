import { readNewestCheckpoint } from '#lib/receipts/consistency.ts'
import { answerOfLog } from '../../_downloads/answer-of-log.ts'

/** The newest head of the log of receipts, for everybody (docs/receipts.md). */
export function GET() {
  return answerOfLog(async (db) => {
    const checkpoint = await readNewestCheckpoint({ db })
    return checkpoint === undefined
      ? { status: 404, text: 'Nothing is signed here.\n' }
      : { status: 200, text: checkpoint }
  })
}
export { GET as HEAD }
