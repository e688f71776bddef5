import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { AuditEntry } from '#lib/audit/history.ts'
import type { KeptPauseProof } from '#lib/pauses/keep-proof.ts'
import type { KeptProof } from '#lib/proofs/keep.ts'
import type { Token } from '#lib/tokens/model/token.ts'
import { TokenHistory } from './token-history.tsx'

const asOf = new Date('2026-11-23T12:00:00Z')

const revocation: AuditEntry = {
  id: 1,
  occurredAt: asOf,
  action: 'token.revoked',
  side: 'partner',
  userEmail: null,
  userRole: null,
  userName: 'Partner administrator',
  reason: 'other',
  note: 'Words of whoever revoked it.',
  address: null,
  details: null,
  asOf,
  actorKind: 'person',
}

const token = {
  ...{ id: 'token-id', lastCharacters: 'Ab12', storeName: 'Lamps', storeId: 'lamps' },
  ...{ partnerName: 'Parcel Pilot', partnerId: 'pilot' },
} as Token
const proof: KeptProof = {
  ...{ provedAt: new Date('2026-11-23T12:00:00.040Z'), gateways: 2, refused: 2, accepting: 0 },
  refusedAfterMs: 38,
  mayAccept: null,
  unlimited: null,
}

function textOf(event: AuditEntry, kept: KeptProof | null = null, pauseProofs: KeptPauseProof[] = []) {
  const markup = renderToStaticMarkup(
    createElement(TokenHistory, {
      ...{ side: 'merchant' as const, history: [event], csvHref: '/csv' },
      ...{ token, proof: kept, pauseProofs, receipts: [], list: '/' as const },
    }),
  )
  return markup.replaceAll(/<[^>]*>/g, '')
}

test('a person’s revocation is shown with its reason and note', () => {
  const text = textOf(revocation)
  expect(text).toContain('Revoked (other) by Partner administrator')
  expect(text).toContain('“Words of whoever revoked it.”')
})

test('a person’s revocation without a reason says that none was given', () => {
  expect(textOf({ ...revocation, reason: null })).toContain(
    'Revoked (no reason given) by Partner administrator',
  )
})

test('a program’s revocation is shown once: it gave neither reason nor note', () => {
  const text = textOf({ ...revocation, userName: null, actorKind: 'program' })
  expect(text).toContain('Revoked by a program of the partner')
  expect(text).not.toMatch(/other|reason/)
  expect(text).not.toContain('“')
})

test('the proof stands with the revocation, and its receipt says which token, whose, when, by whom and why', () => {
  const text = textOf({ ...revocation, reason: 'exposed' }, proof)
  expect(text).toContain('Refused everywhere 0.04 s later: 2 of 2 API servers.')
  for (const fact of [
    ...['Token …Ab12 (token-id)', 'Partner: Parcel Pilot (pilot)', 'Store: Lamps (lamps)'],
    'Revoked: 2026-11-23 12:00:00.000 UTC by Partner administrator (the partner)',
    ...['Reason: may have leaked', 'Proof of 2026-11-23 12:00:00.040 UTC: Refused everywhere 0.04 s later'],
  ])
    expect(text).toContain(fact)
  expect(textOf({ ...revocation, action: 'token.issued' }, proof)).not.toContain('Refused')
})

test('services that could go on accepting it stand with the proof and in its receipt, each until when', () => {
  const mayAccept = { mail: '2026-11-23T12:10:00.000Z', warehouse: '2026-11-23T12:00:30.000Z' }
  const text = textOf(revocation, { ...proof, mayAccept })
  expect(text).toContain(
    'mail could accept it until 23 Nov 2026, 12:10:00, warehouse could accept it until 23 Nov 2026, 12:00:30, by answers that they got before.',
  )
  expect(text).toContain(
    'Could still be accepted by mail until 2026-11-23 12:10:00.000 UTC, warehouse until 2026-11-23 12:00:30.000 UTC, by answers from before',
  )
  for (const none of [{}, null])
    expect(textOf(revocation, { ...proof, mayAccept: none })).not.toContain('ould')
})

test('an API server whose answers have no end stands with the proof and in its receipt', () => {
  const text = textOf(revocation, { ...proof, unlimited: ['edge-4'] })
  const sentence = 'API server edge-4 was of the version before: whoever asked it could accept it for longer.'
  expect(text.split(sentence)).toHaveLength(3)
})

test('the proof of a pause stands with that pause alone, and its receipt says until when and what then', () => {
  const pause = {
    ...revocation,
    ...{ action: 'token.paused' as const, reason: 'exposed' },
    details: { until: '2026-11-30T12:00:00.000Z', endsAs: 'revoked' },
  }
  const kept: KeptPauseProof = { ...proof, side: 'partner', begunAt: asOf }
  const text = textOf(pause, null, [kept])
  for (const fact of [
    'Refused everywhere 0.04 s later: 2 of 2 API servers.',
    'Paused: 2026-11-23 12:00:00.000 UTC by Partner administrator (the partner)',
    'Until: 2026-11-30 12:00:00.000 UTC, then revoked',
    'Reason: may have leaked',
  ])
    expect(text).toContain(fact)
  for (const of of [
    { ...kept, side: 'merchant' as const },
    { ...kept, begunAt: new Date(asOf.getTime() + 1) },
  ])
    expect(textOf(pause, null, [of])).not.toContain('Refused')
  expect(textOf(revocation, null, [kept])).not.toContain('Refused')
  expect(textOf(pause, proof)).not.toContain('Refused')
})

test.each([
  [{ gateways: 1, refused: 1, refusedAfterMs: 421 }, 'Refused everywhere 0.43 s later: 1 of 1 API server.'],
  [
    { refused: 1 },
    'Refused 0.04 s later by 1 of 2 API servers. 1 did not answer in time: each asks the database at every call.',
  ],
  [
    { refused: 1, accepting: 1 },
    'Refused 0.04 s later by 1 of 2 API servers. 1 would still have accepted it.',
  ],
  [
    { refused: 0, refusedAfterMs: null },
    'Refused by 0 of 2 API servers. 2 did not answer in time: each asks the database at every call.',
  ],
  [
    { gateways: 0, refused: 0, refusedAfterMs: null },
    'No API server was running. Each refuses it from its start on.',
  ],
])('what was proven is never said to be more than it was: %j', (facts, text) => {
  expect(textOf(revocation, { ...proof, ...facts })).toContain(text)
})
