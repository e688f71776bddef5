import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KnownToken } from '../tokens/model/policy.ts'
import { createTokenText, hexHashOf } from '../tokens/model/secret.ts'
import { createVerifier } from './verify.ts'

const known: KnownToken = {
  tokenId: '0198c0de-0000-7000-8000-000000000001',
  storeId: 'harbor-lights',
  partnerId: 'ypa-005259400001',
  apis: ['order'],
  package: 'standard',
  createdAt: new Date('2026-01-01T00:00:00Z'),
  expiresAt: new Date('2027-01-01T00:00:00Z'),
  revoked: false,
  expired: false,
  pausedUntil: null,
}

function verifierOf(text: string, token: KnownToken) {
  const asked: string[] = []
  const verifier = createVerifier({
    lookUp: async (hashes) => {
      asked.push(...hashes)
      return hashes.map((hash) => (hash === hexHashOf(text) ? token : undefined))
    },
  })
  return { verifier, asked }
}

const text = createTokenText()

test('a token that the database knows and does not refuse is good', async () => {
  const { verifier } = verifierOf(text, known)
  expect(await verifier.verify(text)).toEqual({ ok: true, value: known })
})

test('a revoked or expired token is refused with what is known of it', async () => {
  for (const cause of ['revoked', 'expired'] as const) {
    const token = { ...known, [cause]: true }
    const { verifier } = verifierOf(text, token)
    expect(await verifier.verify(text)).toEqual({ ok: false, refusal: { cause, token } })
  }
})

test('a token that nobody has is unknown', async () => {
  const { verifier, asked } = verifierOf(text, known)
  expect(await verifier.verify(createTokenText())).toEqual({ ok: false, refusal: { cause: 'unknown' } })
  expect(asked).toHaveLength(1)
})

test('no token at all is missing, and is not looked up', async () => {
  const { verifier, asked } = verifierOf(text, known)
  for (const nothing of [undefined, '']) {
    expect(await verifier.verify(nothing)).toEqual({ ok: false, refusal: { cause: 'missing' } })
  }
  expect(asked).toEqual([])
})

test('a text with any one character changed never reaches the database', async () => {
  const { verifier, asked } = verifierOf(text, known)
  await fc.assert(
    fc.asyncProperty(
      fc.nat(text.length - 1),
      fc.string({ minLength: 1, maxLength: 1 }),
      async (at, other) => {
        fc.pre(text[at] !== other)
        const changed = text.slice(0, at) + other + text.slice(at + 1)
        expect(await verifier.verify(changed)).toEqual({ ok: false, refusal: { cause: 'malformed' } })
      },
    ),
  )
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 300 }), async (noise) => {
      expect((await verifier.verify(noise)).ok).toBe(false)
    }),
  )
  expect(asked).toEqual([])
})

test('a token that was seen revoked is refused from then on without being looked up, with what is known of it', async () => {
  const token = { ...known, revoked: true }
  const { verifier, asked } = verifierOf(text, token)
  for (let n = 0; n < 3; n++) {
    expect(await verifier.verify(text)).toEqual({ ok: false, refusal: { cause: 'revoked', token } })
  }
  expect(asked).toHaveLength(1)
})

test('a proof of a refusal goes to the database although the revocation is remembered', async () => {
  const { verifier, asked } = verifierOf(text, { ...known, revoked: true })
  await verifier.verify(text)
  expect((await verifier.verifyHash(hexHashOf(text))).ok).toBe(false)
  expect(asked).toHaveLength(2)
})

test.each(['good', 'expired', 'unknown'])('nothing is remembered of a token that is %s', async (state) => {
  const { verifier, asked } = verifierOf(state === 'unknown' ? createTokenText() : text, {
    ...known,
    expired: state === 'expired',
  })
  for (let n = 0; n < 3; n++) await verifier.verify(text)
  expect(asked).toHaveLength(3)
})
