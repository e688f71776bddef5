import { safeCallbackUrl, signInHref } from '#app/_auth/callback-url.ts'

type Asked = {
  action: string
  method: 'GET' | 'POST'
  /** Where people reach us, such as `https://tokens.example.com`. */
  ownOrigin: string
  /** Where to go after signing in: a path. */
  callbackUrl: string
}

/** next-auth's answer, with our own pages in place of its own, and without a form's redirect to the issuer. */
export async function finishAnswer(answer: Response, asked: Asked): Promise<Response> {
  const headers = new Headers(answer.headers)
  headers.set('Cache-Control', 'no-store')
  const location = headers.get('Location')
  const wanted = location ?? (await urlIn(answer))
  if (!wanted) return new Response(answer.body, { status: answer.status, headers })

  const target = targetOf(wanted, asked)
  if (!location) return Response.json({ url: target }, { status: answer.status, headers })
  if (asked.method === 'POST' && !target.startsWith('/')) return leaveByRefresh(target, headers)
  headers.set('Location', target)
  return new Response(null, { status: 303, headers })
}

/** `form-action` of our pages allows our own origin only, and browsers apply it to redirects of a form as well. */
function leaveByRefresh(target: string, headers: Headers): Response {
  headers.delete('Location')
  headers.set('Refresh', `0;url=${target}`)
  headers.set('Content-Type', 'text/html; charset=utf-8')
  const href = target.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  return new Response(`<!doctype html><title>Signing in</title><a href="${href}">Go on</a>`, { headers })
}

/** What next-auth answers to a script that asked for JSON instead of a redirect. */
async function urlIn(answer: Response): Promise<string | null> {
  if (!answer.headers.get('content-type')?.includes('json')) return null
  const body: { url?: unknown } | null = await answer.clone().json()
  return typeof body?.url === 'string' ? body.url : null
}

function targetOf(wanted: string, { action, method, ownOrigin, callbackUrl }: Asked): string {
  const url = new URL(wanted, ownOrigin)
  if (url.origin !== ownOrigin) return wanted
  const error = ownError(url.searchParams.get('error'))
  switch (url.pathname) {
    case '/api/auth/error':
    case '/sign-in':
      return signInHref({ callbackUrl, error })
    case '/api/auth/signin':
      return signInHref({ callbackUrl, error: error ?? 'stale-form' })
    case '/api/auth/signout':
      return '/account'
  }
  if (action === 'signout' && method === 'POST') return signInHref({ error: 'signed-out' })
  return safeCallbackUrl(url.pathname + url.search + url.hash)
}

/** next-auth's own words for what went wrong are capitalised, and all about single sign-on. */
function ownError(error: string | null): string | undefined {
  if (!error) return undefined
  return /^[a-z]/.test(error) ? error : 'issuer-failed'
}
