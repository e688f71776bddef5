import { createRequire } from 'node:module'
import type { AuthOptions } from 'next-auth'
import { type CookieSettings, cookieName } from '#lib/auth/sessions/cookies.ts'
import { openSession } from '#lib/auth/sessions/open-session.ts'
import type { SignedIn } from '#lib/auth/sessions/signed-in.ts'
import type { Database } from '#lib/process/database.ts'
import { createCsrfToken } from './csrf.ts'
import { authOptions } from './next-auth.ts'
import { unsealClaims } from './session-cookie.ts'

type Site = { db: Database; secret: string; own: string; settings: CookieSettings }

async function passThrough(address: string): Promise<string> {
  const back = await fetch(address, { redirect: 'manual' })
  return back.headers.get('location') ?? ''
}

export type TestAnswer = { status: number; location?: string; body?: unknown }
type NextAuth = (request: object, response: object, options: AuthOptions) => Promise<unknown>
const { default: NextAuth }: { default: NextAuth } = createRequire(import.meta.url)('next-auth')

/** A browser in front of next-auth itself: it keeps cookies. */
export function createTestBrowser({ db, secret, own, settings }: Site) {
  const cookies = new Map<string, string>()
  let signedIn: SignedIn | null = null
  const csrf = createCsrfToken(secret)
  cookies.set(cookieName('csrf-token', settings), csrf.cookie)

  async function ask(
    method: 'GET' | 'POST',
    path: string,
    body: Record<string, string> = {},
  ): Promise<TestAnswer> {
    const url = new URL(path, own)
    const nextauth = url.pathname.split('/').slice(3)
    const answer: TestAnswer = { status: 200 }
    const setCookies: string[] = []
    const response = {
      status(status: number) {
        answer.status = status
        return response
      },
      getHeader: () => setCookies.splice(0),
      setHeader(name: string, value: string | string[]) {
        if (name === 'Location') answer.location = String(value)
        if (name === 'Set-Cookie') setCookies.push(...value)
        return response
      },
      json(sent: unknown) {
        answer.body = sent
      },
      send(sent: unknown) {
        answer.body = sent
      },
      end() {},
    }
    const request = {
      method,
      headers: { host: 'tokens.example.com' },
      cookies: Object.fromEntries(cookies),
      query: { ...Object.fromEntries(url.searchParams), nextauth },
      body: { csrfToken: csrf.token, ...body },
    }
    const origin = { address: '192.0.2.1', userAgent: 'test' }
    const deviceMark = cookies.get(cookieName('device', settings))
    const onDeviceMark = (mark: string) => cookies.set(cookieName('device', settings), mark)
    await NextAuth(request, response, authOptions({ origin, signedIn, deviceMark, onDeviceMark }))
    for (const line of setCookies) {
      const [pair = ''] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      cookies.set(name, decodeURIComponent(value))
    }
    return answer
  }

  return {
    ask,
    cookies,
    async session(): Promise<SignedIn | null> {
      const claims = await unsealClaims(cookies.get(cookieName('session-token', settings)) ?? '', secret)
      signedIn = claims && (await openSession(claims, { db, now: new Date() }))
      return signedIn
    },
    /** @param visit how the person gets through the issuer's pages, to where it sends them back. */
    async signInAtIssuer(change: (location: URL) => void = () => {}, visit = passThrough) {
      const out = await ask('POST', '/api/auth/signin/oidc', { callbackUrl: '/my-services' })
      const location = new URL(await visit(out.location ?? ''))
      change(location)
      return ask('GET', location.pathname + location.search)
    },
  }
}
