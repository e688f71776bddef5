import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'

/** Known keys are asked for again after this, so that one that was taken back is refused. */
const keysLastMs = 60 * 60 * 1000
/** Of keys that cannot be asked for, the last ones are believed no longer. */
const keysBelievedMs = 24 * 60 * 60 * 1000
/** A key that nobody knows makes us ask once in this time: anybody can send any name of one. */
const askAgainMs = 60 * 1000
const timeoutMs = 5_000
const longestAnswer = 100_000

const keysSchema = z.object({
  public_keys: z.array(z.object({ key_identifier: z.string(), key: z.string() })),
})

/**
 * Whether a body is signed with the named key (`Github-Public-Key-Identifier`, `Github-Public-Key-Signature`): ECDSA of P-256 with SHA-256 over
 * its bytes as they came. Throws where the keys cannot be had.
 */
export type IsSigned = (body: Uint8Array, keyId: string, signature: string) => Promise<boolean>

type Keys = { byId: Map<string, KeyObject>; atMs: number }

/**
 * @param keysUrl where the sender publishes its keys, as GitHub does at `/meta/public_keys/secret_scanning`.
 * @param token a token of its API, which may ask more often; undefined: none.
 */
export function createGithubVerifier({
  keysUrl,
  token,
  nowMs = Date.now,
}: {
  keysUrl: string
  token?: string | undefined
  nowMs?: () => number
}): IsSigned {
  let keys: Keys = { byId: new Map(), atMs: Number.NEGATIVE_INFINITY }
  let askedAtMs = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null

  async function ask() {
    askedAtMs = nowMs()
    const response = await fetch(keysUrl, {
      headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (!response.ok) throw new Error(`the keys of the scanner were answered with ${response.status}`)
    const text = await response.text()
    if (text.length > longestAnswer) throw new Error('the keys of the scanner are longer than keys are')
    const { public_keys: published } = keysSchema.parse(JSON.parse(text))
    const byId = new Map(
      published.flatMap(({ key_identifier: id, key }) => {
        const publicKey = readKey(key)
        return publicKey ? [[id, publicKey] as const] : []
      }),
    )
    keys = { byId, atMs: nowMs() }
  }

  /** Requests that come meanwhile share the question. */
  function askOnce(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = null
    })
    return asking
  }

  return async (body, keyId, signature) => {
    const ageMs = nowMs() - keys.atMs
    const isDue = ageMs > keysLastMs || !keys.byId.has(keyId)
    if (asking || (isDue && nowMs() - askedAtMs > askAgainMs)) {
      try {
        await askOnce()
      } catch (error) {
        if (nowMs() - keys.atMs > keysBelievedMs) throw error
      }
    } else if (ageMs > keysBelievedMs)
      throw new Error('the keys of the scanner could not be had a moment ago')
    const key = keys.byId.get(keyId)
    const bytes = readBase64(signature)
    return key !== undefined && bytes !== null && verify('sha256', body, { key, dsaEncoding: 'der' }, bytes)
  }
}

/** Null: no key of the curve P-256. */
function readKey(pem: string): KeyObject | null {
  try {
    const key = createPublicKey(pem)
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

/** Null: something else, such as text behind it. */
function readBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64')
  return bytes.length > 0 && bytes.toString('base64') === text.trim() ? bytes : null
}
