import { requestOrigin } from '#app/_auth/request-origin.ts'
import { answerRevokeTokens } from '#app/_leaks/answer-gitlab.ts'
import { getDatabase } from '#lib/process/database.ts'
import { env } from '#lib/process/env.ts'

export async function POST(request: Request) {
  const { address } = await requestOrigin()
  const secret = env().GITLAB_REVOCATION_SECRET
  return answerRevokeTokens(request, { secret, db: getDatabase(), address })
}
