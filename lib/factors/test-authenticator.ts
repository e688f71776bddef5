import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'

type Site = { origin: string; rpId: string }
const flags = { present: 1, verified: 4, attested: 64 }

/** An authenticator for tests: one passkey on P-256, without attestation. */
export function createTestAuthenticator(site: Site, { verifies = 'yes' }: { verifies?: 'yes' | 'no' } = {}) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  const id = randomBytes(16)
  const rpIdHash = createHash('sha256').update(site.rpId).digest()
  const seen = flags.present | (verifies === 'yes' ? flags.verified : 0)
  const clientData = (type: string, challenge: string, origin = site.origin) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))

  return {
    credentialId: id.toString('base64url'),
    /** What a browser answers to `navigator.credentials.create`. */
    register(challenge: string): string {
      const coseKey = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ])
      const authData = Buffer.concat([
        rpIdHash,
        Buffer.from([seen | flags.attested, 0, 0, 0, 0]),
        Buffer.alloc(16),
        Buffer.from([0, id.length]),
        id,
        coseKey,
      ])
      const attestationObject = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746158', 'hex'),
        Buffer.from([authData.length]),
        authData,
      ])
      return JSON.stringify({
        ...named(id),
        response: {
          clientDataJSON: clientData('webauthn.create', challenge).toString('base64url'),
          attestationObject: attestationObject.toString('base64url'),
          transports: ['internal'],
        },
      })
    },
    /** What a browser answers to `navigator.credentials.get`. @param at another site's page, where it is one. */
    answer(challenge: string, at?: string): string {
      const authData = Buffer.concat([rpIdHash, Buffer.from([seen, 0, 0, 0, 0])])
      const data = clientData('webauthn.get', challenge, at)
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()])
      return JSON.stringify({
        ...named(id),
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: createSign('sha256').update(signed).sign(privateKey).toString('base64url'),
        },
      })
    },
  }
}

function named(id: Buffer) {
  return { id: id.toString('base64url'), rawId: id.toString('base64url'), type: 'public-key' }
}
