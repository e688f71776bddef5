import { type Database, getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { log } from '#lib/process/log.ts'

/** What is for everybody alike: heads of the log and hashes, of which nobody learns anything but how long it is. */
export async function answerOfLog(
  read: (db: Database) => Promise<{ status: number; text: string }>,
): Promise<Response> {
  try {
    const { status, text } = await read(getDatabase())
    return answer(status, text)
  } catch (error) {
    if (!isDatabaseOutage(error)) throw error
    log.error({ err: error }, 'the log of receipts could not be read from the database')
    return answer(503, 'Our database did not answer. Try again in a moment.\n')
  }
}

const answer = (status: number, text: string) =>
  new Response(text, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  })
