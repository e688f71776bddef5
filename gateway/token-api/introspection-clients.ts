import { createHash, hash, timingSafeEqual } from 'node:crypto'

const leastSecretLength = 16

/** An `Authorization` header as it came, or what the form says. */
export type ClientCredentials = string | { id: string; secret: string }

/** The id of the client whose credentials these are; `undefined` for anybody else. */
export type IdentifyClient = (credentials: ClientCredentials | undefined) => string | undefined

/**
 * Reads `INTROSPECTION_CLIENTS`: `id:secret`, comma-separated; none: nobody may ask. A secret has 16 characters
 * or more: anybody who reaches the gateway may try some. Throws a message that names the variable, never the secret.
 */
export function readIntrospectionClients(setting: string): IdentifyClient {
  const clients = setting
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry, index) => {
      const [id, secret] = splitOnce(entry)
      if (!id || !secret) {
        throw new Error(`INTROSPECTION_CLIENTS: entry ${index + 1} is not of the form id:secret`)
      }
      if (secret.length < leastSecretLength) {
        throw new Error(
          `INTROSPECTION_CLIENTS: the secret of entry ${index + 1} is shorter than ${leastSecretLength} characters; make one with: openssl rand -hex 24`,
        )
      }
      return { id, digest: digestOf(id, secret) }
    })

  const identify: IdentifyClient = (credentials) => {
    const presented =
      typeof credentials === 'object'
        ? [[credentials.id, credentials.secret] as const]
        : credentialsOf(credentials)
    if (!presented) return undefined
    const digests = presented.map(([id, secret]) => digestOf(id, secret))
    // All are compared, by their digests, so that the time says nothing of how near a guess was.
    const known = clients.filter(({ digest }) =>
      digests.map((other) => timingSafeEqual(digest, other)).includes(true),
    )
    return known[0]?.id
  }
  return rememberRight(identify)
}

/** There are few ways to write the credentials of few clients. */
const maxRemembered = 1_000

/** Credentials that were right are known again by their hash: of a guess that is not right the time says nothing. */
function rememberRight(identify: IdentifyClient): IdentifyClient {
  const clients = new Map<string, string>()
  return (credentials) => {
    if (credentials === undefined) return undefined
    const digest = hash('sha256', JSON.stringify(credentials))
    const remembered = clients.get(digest)
    if (remembered !== undefined) return remembered
    const client = identify(credentials)
    if (client !== undefined && clients.size < maxRemembered) clients.set(digest, client)
    return client
  }
}

/** As they stand and, since RFC 6749 (2.3.1) has them percent-encoded and not every client does it, decoded. */
function credentialsOf(authorization: string | undefined): [string, string][] | undefined {
  const match = /^basic ([a-z0-9+/]{1,1000}={0,2})$/i.exec(authorization ?? '')
  if (!match) return undefined
  const [id, secret] = splitOnce(Buffer.from(match[1] as string, 'base64').toString('utf8'))
  const plain: [string, string] = [id, secret]
  const decoded: [string, string] = [percentDecoded(id), percentDecoded(secret)]
  return [plain, decoded]
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

function splitOnce(entry: string): [string, string] {
  const colon = entry.indexOf(':')
  return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)]
}

function digestOf(id: string, secret: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([id, secret]))
    .digest()
}
