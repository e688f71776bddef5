import type { IsSigned } from '#lib/leaks/github-keys.ts'
import { receiveReports } from '#lib/leaks/receive.ts'
import { feedbackOn, githubSchema, reportsOf } from '#lib/leaks/scanner-reports.ts'
import type { Database } from '#lib/process/database.ts'
import { log } from '#lib/process/log.ts'
import { plainAnswer, readJsonBody } from './plain-answer.ts'

type Tools = {
  /** Null: nobody has configured it. */
  isSigned: IsSigned | null
  db: Database
  address: string | null
}

/**
 * Takes what GitHub's secret scanning has found, and says which of it are tokens. Whoever has not signed the body with a key of GitHub's learns
 * nothing.
 */
export async function answerGithub(request: Request, { isSigned, db, address }: Tools): Promise<Response> {
  if (!isSigned) return plainAnswer(404, 'There is nothing here')
  const body = new Uint8Array(await request.arrayBuffer())
  const keyId = request.headers.get('github-public-key-identifier') ?? ''
  const signature = request.headers.get('github-public-key-signature') ?? ''
  try {
    if (!(await isSigned(body, keyId, signature)))
      return plainAnswer(401, 'That is not signed by the scanner')
  } catch (error) {
    log.error({ err: error }, 'the keys of the scanner of GitHub could not be had')
    return plainAnswer(503, 'The keys of the scanner could not be had')
  }
  const sent = githubSchema.safeParse(readJsonBody(body))
  if (!sent.success) return plainAnswer(400, 'That is no message of the scanner')
  const matches = sent.data.map(({ token, url }) => ({ token, foundAt: url ?? '' }))
  // What it is about is stopped whether the answer arrives or not.
  await receiveReports(reportsOf(matches), { source: 'github', address }, { db })
  return Response.json(await feedbackOn(sent.data, { db }), { headers: { 'Cache-Control': 'no-store' } })
}
