import { answerTokenTypes } from '#app/_leaks/answer-gitlab.ts'
import { env } from '#lib/process/env.ts'

export const GET = (request: Request) => answerTokenTypes(request, { secret: env().GITLAB_REVOCATION_SECRET })
