import { recordRefusedSignIn } from '#lib/auth/sign-in/refused-sign-in.ts'
import { getDatabase } from '#lib/process/database.ts'

/**
 * Records what next-auth itself has refused, and no verb of ours has seen: a state or an ID token that is not for this
 * browser, an error of the issuer, a form without our token, an address that no issuer sends anybody to.
 * @param answer finished, so that the address in it is one of ours.
 */
export async function recordRefusedCallback(
  answer: Response,
  provider: string | undefined,
  origin: { address: string | null },
): Promise<void> {
  const reason = await refusalIn(answer)
  if (!reason) return
  const method = provider === 'credentials' ? 'password' : 'single-sign-on'
  await recordRefusedSignIn({ method, reason }, { origin, db: getDatabase() })
}

async function refusalIn(answer: Response): Promise<string | null> {
  const isJson = answer.headers.get('content-type')?.includes('json')
  const target: unknown = isJson ? (await answer.clone().json()).url : answer.headers.get('Location')
  if (typeof target !== 'string') return answer.status >= 400 ? 'unknown-callback' : null
  const error = URL.parse(target, 'http://localhost')?.searchParams.get('error')
  return error === 'issuer-failed' || error === 'stale-form' ? error : null
}
