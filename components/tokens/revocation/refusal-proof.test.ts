import { createElement, type ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import { AcceptingServers, Proof } from './refusal-proof.tsx'

const revokedAt = new Date('2026-11-23T12:00:00Z')
const nobody: RefusalProof = {
  tokenCount: 1,
  cutOffId: null,
  withinMs: 1_000,
  gateways: [],
  silent: [],
  accepting: [],
  mayAccept: [],
  unlimited: [],
}
const gateways = [
  { name: 'edge-1', afterMs: 21 },
  { name: 'edge-2', afterMs: 1_038 },
]
const silentSince = (moment: string) => [{ id: 'id 3', name: 'edge-3', lastHeartbeatAt: new Date(moment) }]

function textOf(proof: RefusalProof | null, revokedCount = 1) {
  const shown = createElement(Proof, { proof, revokedCount, revokedAt })
  return renderToStaticMarkup(shown)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim()
}

test('the slowest gateway says when the token was refused everywhere', () => {
  expect(textOf({ ...nobody, gateways })).toBe(
    'Refused everywhere : 2 of 2 API servers answered in 1.04 s. It is dead since 23 Nov 2026, 12:00 .',
  )
})

test('many tokens are counted', () => {
  expect(textOf({ ...nobody, tokenCount: 12, gateways }, 12)).toBe(
    'All 12 are refused everywhere : 2 of 2 API servers answered in 1.04 s. They are dead since 23 Nov 2026, 12:00 .',
  )
})

test('a gateway that did not answer counts, and is named with the time that it was heard of', () => {
  const silent = silentSince('2026-11-23T11:59:56Z')
  expect(textOf({ ...nobody, gateways: gateways.slice(0, 1), silent })).toMatch(
    /^Refused by 1 of 2 API servers within 0\.03 s\. It is dead since 23 Nov 2026, 12:00 \. API server edge-3 did not answer within 1 s \(last heard of 4 s before you confirmed\)\./,
  )
})

test('a gateway whose heartbeat came while the revocation was under way is not heard of in the future', () => {
  const silent = silentSince('2026-11-23T12:00:00.700Z')
  expect(textOf({ ...nobody, silent })).toContain('(last heard of as you confirmed)')
})

test('how long was waited for a gateway is what was really waited', () => {
  const silent = silentSince('2026-11-23T11:59:56Z')
  expect(textOf({ ...nobody, withinMs: 2_500, silent })).toContain('did not answer within 2.5 s')
})

test('two gateways of one name are both shown, each under its own key', () => {
  const twins = ['one', 'other'].map((id) => ({ id, name: 'edge', lastHeartbeatAt: revokedAt }))
  const proof = { ...nobody, silent: twins, accepting: twins }
  const shown = [Proof({ proof, revokedCount: 1, revokedAt }), AcceptingServers({ proof })]
  for (const element of shown) {
    const children: ReactElement[] = [element?.props.children].flat(2).filter(Boolean)
    const gateways = children.filter(({ key }) => key !== null)
    expect(gateways.map(({ key }) => key)).toEqual(['one', 'other'])
  }
})

test('where no gateway answered nothing is called refused', () => {
  expect(textOf({ ...nobody, silent: silentSince('2026-11-23T11:59:58Z') })).not.toContain('Refused')
})

test('where no gateway runs, or none could be asked, that is said', () => {
  expect(textOf(nobody)).toBe('No API server is running at this moment; whichever starts refuses it.')
  expect(textOf(null)).toContain('The API servers could not be asked just now')
})

const until = (client: string, moment: string) => ({ client, until: new Date(moment) })

test('a service that may rely on an answer of before is named, with until when', () => {
  const mayAccept = [until('warehouse', '2026-11-23T12:00:30Z')]
  expect(textOf({ ...nobody, gateways, mayAccept })).toMatch(
    /warehouse may accept it until 12:00:30 : it may use an answer that it got before\.$/,
  )
  expect(textOf({ ...nobody, mayAccept })).toContain('warehouse may accept it until 12:00:30')
})

test('several services are named one by one, with the day where it may be another', () => {
  const mayAccept = [until('mail', '2026-11-24T11:00:00Z'), until('warehouse', '2026-11-23T12:00:30Z')]
  expect(textOf({ ...nobody, tokenCount: 2, gateways, mayAccept }, 2)).toMatch(
    /mail may accept some of them until 24 Nov 2026, 11:00:00 , warehouse may accept some of them until 12:00:30 : they may use answers that they got before\.$/,
  )
})

test('a gateway that does not say who relies on its answers is named', () => {
  const unlimited = [{ id: 'id 4', name: 'edge-4' }]
  expect(textOf({ ...nobody, gateways, unlimited })).toContain('API server edge-4 is of the version before')
})

test('a gateway that would accept a token does not count as refusing, and is an alert of its own', () => {
  const proof = { ...nobody, gateways: gateways.slice(0, 1), accepting: [{ id: 'id 9', name: 'edge-9' }] }
  expect(textOf(proof)).toBe(
    'Refused by 1 of 2 API servers within 0.03 s. It is dead since 23 Nov 2026, 12:00 .',
  )
  const alert = renderToStaticMarkup(createElement(AcceptingServers, { proof }))
  expect(alert).toContain('role="alert"')
  expect(alert).toContain('edge-9')
  expect(renderToStaticMarkup(createElement(AcceptingServers, { proof: nobody }))).toBe('')
})
