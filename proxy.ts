import { randomBytes } from 'node:crypto'
import { type NextRequest, NextResponse } from 'next/server'
import { createCsrfToken, readCsrfToken } from './app/_auth/csrf.ts'
import {
  addressWithoutSecret,
  hasMailedSecret,
  mailedSecretCookie,
  mailedSecretLifetimeSeconds,
} from './app/_auth/mailed-address.ts'
import { csrfHeader, pathHeader } from './app/_auth/page-headers.ts'
import { cookieName, cookieOptions, cookieSettings } from './lib/auth/sessions/cookies.ts'
import { authSecret } from './lib/auth/sessions/secret.ts'
import { contentSecurityPolicy } from './lib/http/security-headers.ts'

const endings = ['signed-out', 'session-ended', 'password-reset']

/**
 * Prepares every page: its Content-Security-Policy with a fresh nonce, the token for its forms, and its own
 * path. It lets everybody through; who may see what is proven in the page and in the action.
 */
export function proxy(request: NextRequest) {
  const settings = cookieSettings()
  const mailed = addressWithoutSecret(request.nextUrl.pathname)
  // A form that was opened before this was so is still sent to the address with the secret.
  if (mailed && ['GET', 'HEAD'].includes(request.method)) {
    const url = request.nextUrl.clone()
    url.pathname = mailed.path
    const redirect = NextResponse.redirect(url, {
      status: 303,
      headers: { 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-store' },
    })
    const options = { ...cookieOptions(settings), maxAge: mailedSecretLifetimeSeconds }
    redirect.cookies.set(mailedSecretCookie(mailed.id, settings), mailed.secret, options)
    return redirect
  }
  const policy = contentSecurityPolicy({
    nonce: randomBytes(16).toString('base64'),
    https: settings.secure,
    mode: process.env.NODE_ENV === 'development' ? 'development' : 'production',
  })
  const csrfCookie = cookieName('csrf-token', settings)
  const known = readCsrfToken(request.cookies.get(csrfCookie)?.value, authSecret())
  const fresh = known ? null : createCsrfToken(authSecret())

  const ownUrl = request.nextUrl.clone()
  ownUrl.searchParams.delete('_rsc')

  // Set, never added: what a client sent under these names is gone.
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set(pathHeader, ownUrl.pathname + ownUrl.search)
  headers.set(csrfHeader, known ?? fresh?.token ?? '')

  const response = NextResponse.next({ request: { headers } })
  response.headers.set('Content-Security-Policy', policy)
  if (hasMailedSecret(request.nextUrl.pathname)) response.headers.set('Referrer-Policy', 'no-referrer')
  if (fresh) response.cookies.set(csrfCookie, fresh.cookie, cookieOptions(settings))
  // What this browser has kept of pages is another person's business from now on.
  if (ownUrl.pathname === '/sign-in' && endings.includes(ownUrl.searchParams.get('error') ?? ''))
    response.headers.set('Clear-Site-Data', '"cache"')
  return response
}

// Next would keep a copy of the body of a form that it passes on: where texts are searched, or reported, nothing is read before it is counted.
export const config = {
  matcher: '/((?!api/|_next/static/|leaks/(?:report|github|gitlab/.*)$|(?:stores|partners)/[^/]+/find$).*)',
}
