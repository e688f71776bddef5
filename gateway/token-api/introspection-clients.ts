import { createHash, hash, timingSafeEqual } from 'node:crypto'

const leastSecretLength = 16

/** An `Authorization` header as it came, or what the form says. */
export type ClientCredentials = string | { id: string; secret: string }

export type IntrospectionClient = {
  id: string
  /** How long it may rely on an answer that calls a token active, in whole seconds: 0 to 86,400. */
  maxAgeS: number
}

export type IntrospectionClients = {
  /** The client whose credentials these are; `undefined` for anybody else. Always the same object. */
  identify: IdentifyClient
  /** Each once. */
  all: readonly IntrospectionClient[]
}

export type IdentifyClient = (credentials: ClientCredentials | undefined) => IntrospectionClient | undefined

const defaultMaxAgeS = 30
const largestMaxAgeS = 86_400

/**
 * Reads `INTROSPECTION_CLIENTS`: `id:secret` or `id:secret;max-age=<seconds>`, comma-separated; none: nobody may ask. A secret
 * has 16 characters or more: anybody who reaches the gateway may try some. An id may stand there with several secrets.
 * Throws a message that names the variable, never the secret.
 */
export function readIntrospectionClients(setting: string): IntrospectionClients {
  const byId = new Map<string, IntrospectionClient>()
  const clients = setting
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
    .map((entry, index) => {
      const [, credentials = entry, maxAge] = /^(.*);max-age=(.*)$/.exec(entry) ?? []
      const [id, secret] = splitOnce(credentials)
      if (!id || !secret) {
        throw new Error(`INTROSPECTION_CLIENTS: entry ${index + 1} is not of the form id:secret`)
      }
      if (secret.length < leastSecretLength) {
        throw new Error(
          `INTROSPECTION_CLIENTS: the secret of entry ${index + 1} is shorter than ${leastSecretLength} characters; make one with: openssl rand -hex 24`,
        )
      }
      const maxAgeS = maxAge === undefined ? defaultMaxAgeS : readMaxAge(maxAge, index + 1)
      const client = byId.get(id) ?? { id, maxAgeS }
      if (client.maxAgeS !== maxAgeS) {
        throw new Error(
          `INTROSPECTION_CLIENTS: entry ${index + 1} has another max-age than its client had before`,
        )
      }
      byId.set(id, client)
      return { client, digest: digestOf(id, secret) }
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
    return known[0]?.client
  }
  return { identify: rememberRight(identify), all: [...byId.values()] }
}

function readMaxAge(text: string, entry: number): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > largestMaxAgeS) {
    throw new Error(
      `INTROSPECTION_CLIENTS: the max-age of entry ${entry} is no number of seconds from 0 to ${largestMaxAgeS}`,
    )
  }
  return Number(text)
}

/** There are few ways to write the credentials of few clients. */
const maxRemembered = 1_000

/** Credentials that were right are known again by their hash: of a guess that is not right the time says nothing. */
function rememberRight(identify: IdentifyClient): IdentifyClient {
  const clients = new Map<string, IntrospectionClient>()
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
