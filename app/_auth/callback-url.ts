import type { Route } from 'next'

const home = '/' as Route
const maxLength = 2_000
/** Any origin will do: what leaves it is not a path of ours. */
const base = 'http://path.invalid'

/**
 * Where to go after signing in: a path of this server with its query, else `/`. Refuses what a browser would
 * read as another origin (`//evil`, `/\evil`, `/.//evil`), control characters, and the sign-in pages themselves.
 */
export function safeCallbackUrl(wanted: unknown): Route {
  if (typeof wanted !== 'string' || wanted.length > maxLength) return home
  if (!wanted.startsWith('/') || /[\p{Cc}\\]/u.test(wanted)) return home
  if (!URL.canParse(wanted, base)) return home
  const url = new URL(wanted, base)
  // Dots are resolved by now: `/.//evil` has become `//evil`.
  if (url.origin !== base || url.pathname.startsWith('//')) return home
  if (/^\/(sign-in|prove|api)(\/|$)/.test(url.pathname)) return home
  return `${url.pathname}${url.search}${url.hash}` as Route
}

/** The sign-in page, with where to go afterwards and what to say first. */
export function signInHref({
  callbackUrl,
  error,
}: {
  callbackUrl?: string
  error?: string | undefined
}): Route {
  const query = new URLSearchParams()
  const wanted = safeCallbackUrl(callbackUrl)
  if (wanted !== home) query.set('callbackUrl', wanted)
  if (error) query.set('error', error)
  return `/sign-in${query.size > 0 ? `?${query}` : ''}` as Route
}

/** The second step of signing in, with where to go afterwards. */
export function secondStepHref(callbackUrl: string, error?: string): Route {
  const query = new URLSearchParams({ callbackUrl: safeCallbackUrl(callbackUrl), ...(error && { error }) })
  return `/sign-in/second-step?${query}` as Route
}

/** The page that asks for a fresh proof, and back afterwards. @param askedFor what was sent or opened there. */
export function proveHref(callbackUrl: string, askedFor: 'form' | 'page'): Route {
  const query = new URLSearchParams({ callbackUrl: safeCallbackUrl(callbackUrl), for: askedFor })
  return `/prove?${query}` as Route
}
