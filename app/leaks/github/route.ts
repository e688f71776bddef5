import { requestOrigin } from '#app/_auth/request-origin.ts'
import { answerGithub } from '#app/_leaks/answer-github.ts'
import { githubVerifier } from '#app/_leaks/github-verifier.ts'
import { getDatabase } from '#lib/process/database.ts'

export async function POST(request: Request) {
  const { address } = await requestOrigin()
  return answerGithub(request, { isSigned: githubVerifier(), db: getDatabase(), address })
}
