import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Grant = {
  nonce: string | null
  challenge: string | null
  redirectUri: string | null
  claims: Claims
  userInfo: Claims
}
type Claims = Record<string, unknown>

export type TestIssuer = {
  issuer: string
  clientId: string
  clientSecret: string
  /**
   * What the next person who comes by is said to be. As OpenID Connect Core, 5.4, has it the address is given at UserInfo only, and
   * all else in the ID token; `in-id-token` has everything there. Who is not named by `sub` is known by the address.
   */
  vouchFor(claims: Claims, where?: 'at-user-info' | 'in-id-token'): void
  close(): Promise<void>
}

/**
 * An OpenID Connect issuer for tests: everybody who comes by is signed in at once. It checks what a real one
 * checks: client secret, redirect address, PKCE with S256, and a code that is good once.
 */
export async function startTestIssuer(port = 0): Promise<TestIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const grants = new Map<string, Grant>()
  const clientId = 'partner-tokens'
  const clientSecret = randomUUID()
  let claims: Claims = {}
  let userInfo: Claims = {}
  const accessTokens = new Map<string, Claims>()

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer)
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    }
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return json(200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          userinfo_endpoint: `${issuer}/userinfo`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        })
      case '/jwks':
        return json(200, {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }],
        })
      case '/authorize': {
        const query = url.searchParams
        const redirectUri = query.get('redirect_uri')
        const code = randomUUID()
        const challenge = query.get('code_challenge_method') === 'S256' ? query.get('code_challenge') : null
        grants.set(code, { nonce: query.get('nonce'), challenge, redirectUri, claims, userInfo })
        const back = new URL(redirectUri ?? issuer)
        back.searchParams.set('code', code)
        back.searchParams.set('state', query.get('state') ?? '')
        response.writeHead(302, { Location: back.href }).end()
        return
      }
      case '/token': {
        let body = ''
        for await (const chunk of request) body += chunk
        const form = new URLSearchParams(body)
        const grant = grants.get(form.get('code') ?? '')
        grants.delete(form.get('code') ?? '')
        const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url')
        if (request.headers.authorization !== `Basic ${basic}`) return json(401, { error: 'invalid_client' })
        if (
          !grant?.challenge ||
          grant.challenge !== challenge ||
          grant.redirectUri !== form.get('redirect_uri')
        ) {
          return json(400, { error: 'invalid_grant' })
        }
        const now = Math.floor(Date.now() / 1000)
        const idToken = signed({
          ...{ iss: issuer, aud: clientId, iat: now, exp: now + 300, nonce: grant.nonce },
          ...grant.claims,
        })
        const accessToken = randomUUID()
        accessTokens.set(accessToken, grant.userInfo)
        return json(200, { access_token: accessToken, token_type: 'Bearer', id_token: idToken })
      }
      case '/userinfo': {
        const claims = accessTokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
        return claims ? json(200, claims) : json(401, { error: 'invalid_token' })
      }
      default:
        return json(404, {})
    }
  })

  function signed(payload: Claims) {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const text = `${part({ alg: 'RS256', kid: '1' })}.${part(payload)}`
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`
  }

  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    clientId,
    clientSecret,
    vouchFor(next, where = 'at-user-info') {
      const { email, email_verified, ...others } = next
      const address = {
        ...(email !== undefined && { email }),
        ...(email_verified !== undefined && { email_verified }),
      }
      const sub = next.sub ?? `subject of ${email}`
      claims = { sub, ...others, ...(where === 'in-id-token' && address) }
      userInfo = { sub, ...address }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
