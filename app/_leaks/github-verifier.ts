import { createGithubVerifier, type IsSigned } from '#lib/leaks/github-keys.ts'
import { env } from '#lib/process/env.ts'

let verifier: IsSigned | undefined

/** Of this process, with the keys that it has asked for; null where nobody has configured it. */
export function githubVerifier(): IsSigned | null {
  const { GITHUB_SCANNING_KEYS_URL: keysUrl, GITHUB_SCANNING_TOKEN: token } = env()
  if (keysUrl === undefined) return null
  verifier ??= createGithubVerifier({ keysUrl, token })
  return verifier
}
