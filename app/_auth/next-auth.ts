import type { AuthOptions, Profile } from 'next-auth'
import { decode, type JWT } from 'next-auth/jwt'
import type { TokenSet } from 'openid-client'
import { type SignInError, signInErrorOf } from '#components/account/sign-in-errors.ts'
import { cookieSettings } from '#lib/auth/sessions/cookies.ts'
import { signOut } from '#lib/auth/sessions/end-sessions.ts'
import { authSecret } from '#lib/auth/sessions/secret.ts'
import { lifetimeDays } from '#lib/auth/sessions/session-lifetime.ts'
import type { SignedIn } from '#lib/auth/sessions/signed-in.ts'
import type { Origin } from '#lib/auth/sessions/start-session.ts'
import { claimsOfPerson } from '#lib/auth/sign-in/claims-of-person.ts'
import { recordRefusedSignIn } from '#lib/auth/sign-in/refused-sign-in.ts'
import { type StartedSession, signInWithPassword } from '#lib/auth/sign-in/sign-in.ts'
import { type IssuerClaims, signInWithIssuer } from '#lib/auth/sign-in/sign-in-with-issuer.ts'
import { getDatabase } from '#lib/process/database.ts'
import { isDatabaseOutage } from '#lib/process/database-outage.ts'
import { env } from '#lib/process/env.ts'
import { log } from '#lib/process/log.ts'
import { noticed } from '#lib/process/web-counters.ts'
import { refuse } from '#lib/result.ts'
import { safeCallbackUrl } from './callback-url.ts'
import { authCookies } from './session-cookie.ts'

/** The id of the OpenID Connect provider: part of the address that the issuer sends people back to. */
export const issuerId = 'oidc'

type AuthRequest = {
  origin: Origin
  /** Whose session the request's cookie names, checked just now; null for nobody. */
  signedIn: SignedIn | null
  /** What the browser's device cookie says, unchecked. */
  deviceMark?: string | undefined
  /** Called with the browser's new mark, where a password was right. */
  onDeviceMark?: (mark: string) => void
  /** Called with the secret of a first step that was right, where a second one is needed. */
  onFirstStep?: (secret: string) => void
  /** Called with where to go after signing in, as soon as that is known. */
  onCallbackUrl?: (path: string) => void
}

/**
 * next-auth for one request. It does the protocols and the cookie; who may sign in, and whether a session
 * lives, is decided by our own verbs (docs/decisions/007-sign-in.md).
 */
export function authOptions(request: AuthRequest): AuthOptions {
  const { origin, signedIn, deviceMark, onDeviceMark, onFirstStep, onCallbackUrl } = request
  const tools = () => ({ db: getDatabase(), now: new Date(), origin, replaces: signedIn })

  return {
    secret: authSecret(),
    cookies: authCookies(cookieSettings()),
    session: { strategy: 'jwt', maxAge: lifetimeDays * 86_400 },
    pages: { signIn: '/sign-in', error: '/sign-in', signOut: '/account' },
    providers: [
      {
        id: 'credentials',
        name: 'E-mail and password',
        type: 'credentials',
        credentials: { email: {}, password: {} },
        async authorize(typed) {
          const result = await signInWithPassword(
            { email: typed?.email, password: typed?.password, deviceMark },
            { ...tools(), secret: authSecret() },
          ).catch((error: unknown) => {
            log.error({ err: error }, 'sign-in failed')
            throw new Error(failureOf(error))
          })
          if (!result.ok) {
            const { refusal } = result
            if (refusal.kind === 'second-step') {
              onFirstStep?.(refusal.firstStep)
              noticed('sign_in', { method: 'password', outcome: 'second-step' }, { address: origin.address })
              // The route leads to the second step; next-auth only has to make no session.
              throw new Error('second-step')
            }
            const refused = { method: 'password', reason: refusal.kind } as const
            await recordRefusedSignIn(refused, { origin, db: tools().db })
            throw new Error(signInErrorOf(refusal))
          }
          noticed('sign_in', { method: 'password', outcome: 'signed-in' }, { address: origin.address })
          const { userId, sessionId } = result.value
          onDeviceMark?.(result.value.deviceMark)
          return { id: userId, userId, sessionId }
        },
      },
      ...issuerProvider(),
    ],
    jwt: {
      // Without a salt it is the session cookie, which was checked against the database for this request.
      decode: (params) => (params.salt ? decode(params) : claimsOf(signedIn)),
    },
    callbacks: {
      async signIn({ user, account, profile }) {
        if (account?.provider !== issuerId) return true
        const withoutVerified = env().OIDC_WITHOUT_EMAIL_VERIFIED
        const claims: IssuerClaims = profile ?? {}
        const result = await signInWithIssuer(claims, {
          ...tools(),
          withoutVerified,
          countsAsSecondFactor: env().OIDC_SECOND_FACTOR,
        }).catch((error: unknown) => {
          log.error({ err: error }, 'sign-in by single sign-on failed')
          return refuse(failureOf(error))
        })
        if (!result.ok) {
          const { refusal } = result
          if (typeof refusal !== 'string') {
            const { address } = origin
            noticed('sign_in', { method: 'single-sign-on', outcome: refusal.kind }, { address })
            onFirstStep?.(refusal.firstStep)
            return '/sign-in'
          }
          const refused = { method: 'single-sign-on', reason: refusal } as const
          await recordRefusedSignIn(refused, { origin, db: tools().db })
          logRefusal(refusal, claims)
          return `/sign-in?error=${refusal}`
        }
        noticed('sign_in', { method: 'single-sign-on', outcome: 'signed-in' }, { address: origin.address })
        Object.assign(user, result.value)
        return true
      },
      jwt({ token, user }) {
        // next-auth hands `user` over at sign-in only, as authorize or signIn above have left it.
        const started = user as Partial<StartedSession> | undefined
        return started?.sessionId
          ? { sub: started.userId ?? '', sid: started.sessionId }
          : { sub: token.sub ?? '', sid: token.sid }
      },
      redirect({ url, baseUrl }) {
        const path = url.startsWith(`${baseUrl}/`) ? url.slice(baseUrl.length) : url
        const callbackUrl = safeCallbackUrl(path)
        onCallbackUrl?.(callbackUrl)
        return baseUrl + callbackUrl
      },
    },
    events: {
      async signOut() {
        const { db, now } = tools()
        if (signedIn) await signOut(signedIn, { db, now, address: origin.address })
      },
    },
    logger: {
      error(code, metadata) {
        // A cookie whose session has ended is nothing unusual.
        if (code !== 'JWT_SESSION_ERROR')
          log.warn({ code, err: 'error' in metadata ? metadata.error : metadata }, 'next-auth')
      },
      warn: (code) => log.warn({ code }, 'next-auth'),
      debug: () => {},
    },
  }
}

/** next-auth puts the message of what is thrown into an address: it never gets the error itself. */
function failureOf(error: unknown): SignInError {
  return isDatabaseOutage(error) ? 'unavailable' : 'failed'
}

/** What was refused and why, without the address: the names of what the issuer said, and whom it meant by its own id. */
function logRefusal(refusal: string, claims: IssuerClaims) {
  const { iss: issuer, sub: subject, email_verified: emailVerified } = claims
  const said = Object.keys(claims).slice(0, 40)
  log.warn(
    { refusal, issuer, subject, emailVerified, hasEmail: claims.email !== undefined, said },
    'single sign-on refused',
  )
}

function claimsOf(signedIn: SignedIn | null): JWT | null {
  if (!signedIn) return null
  return { sub: signedIn.userId, sid: signedIn.sessionId, name: signedIn.name, email: signedIn.email }
}

/** OpenID Connect with code flow, PKCE, state and nonce, where all three variables are set. */
function issuerProvider(): AuthOptions['providers'] {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env()
  if (!OIDC_ISSUER || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET) return []
  return [
    {
      id: issuerId,
      name: OIDC_NAME,
      type: 'oauth',
      wellKnown: `${OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
      clientId: OIDC_CLIENT_ID,
      clientSecret: OIDC_CLIENT_SECRET,
      authorization: { params: { scope: 'openid email' } },
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      httpOptions: { timeout: 10_000 },
      userinfo: {
        request({ tokens, client }) {
          const set = tokens as TokenSet
          const hasUserInfo = typeof client.issuer.metadata.userinfo_endpoint === 'string'
          const askUserInfo = hasUserInfo ? () => client.userinfo(set) : null
          return claimsOfPerson({ claims: set.claims(), askUserInfo, log }) as Promise<Profile>
        },
      },
      profile: (claims: { sub: string }) => ({ id: claims.sub }),
    },
  ]
}

/** What the sign-in button says; null where OpenID Connect is not switched on. */
export function issuerName(): string | null {
  return issuerProvider()[0]?.name ?? null
}
