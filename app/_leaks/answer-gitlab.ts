import { createHash, timingSafeEqual } from 'node:crypto'
import { receiveReports } from '#lib/leaks/receive.ts'
import { gitlabSchema, reportsOf } from '#lib/leaks/scanner-reports.ts'
import type { Database } from '#lib/process/database.ts'
import { plainAnswer, readJsonBody } from './plain-answer.ts'

type Tools = {
  /** What GitLab sends in `Authorization`; undefined: nobody has configured it. */
  secret: string | undefined
  db: Database
  address: string | null
}

/** As GitLab names a finding of our rule of gitleaks (docs/scanners/gitleaks.toml). */
const tokenTypes = ['gitleaks_rule_id_partner-access-token', 'gitleaks_rule_id_partner_access_token']

/** `GET …/v1/revocable_token_types` of GitLab's Token Revocation API. */
export function answerTokenTypes(request: Request, { secret }: Pick<Tools, 'secret'>): Response {
  return (
    refusalOf(request, secret) ??
    Response.json({ types: tokenTypes }, { headers: { 'Cache-Control': 'no-store' } })
  )
}

/** `POST …/v1/revoke_tokens` of it: all are taken, and revoked or paused in a moment, as their stores have chosen. */
export async function answerRevokeTokens(
  request: Request,
  { secret, db, address }: Tools,
): Promise<Response> {
  const refusal = refusalOf(request, secret)
  if (refusal) return refusal
  const sent = gitlabSchema.safeParse(readJsonBody(new Uint8Array(await request.arrayBuffer())))
  if (!sent.success) return plainAnswer(400, 'That is no list of tokens')
  const matches = sent.data.map(({ token, location }) => ({ token, foundAt: location ?? '' }))
  await receiveReports(reportsOf(matches), { source: 'gitlab', address }, { db })
  return plainAnswer(204, null)
}

/** Null: whoever asks has the secret. Compared by digests, so that the time says nothing of how near a guess was. */
function refusalOf(request: Request, secret: string | undefined): Response | null {
  if (secret === undefined) return plainAnswer(404, 'There is nothing here')
  const presented = (request.headers.get('authorization') ?? '').replace(/^Bearer +/i, '')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(presented), digest(secret))
    ? null
    : plainAnswer(401, 'That is not the secret', { 'WWW-Authenticate': 'Bearer' })
}
