import { createElement, createRef } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { RefusalProof } from '#lib/proofs/ask.ts'
import type { CutOffDone } from './cut-off-actions.ts'
import { CutOffResult } from './cut-off-result.tsx'

const proof: RefusalProof = {
  ...{ tokenCount: 7, cutOffId: null, withinMs: 1_000, silent: [], accepting: [] },
  ...{ mayAccept: [], unlimited: [] },
  gateways: [{ name: 'edge-1', afterMs: 21 }],
}

function textOf(ended: CutOffDone['outcome']['ended'], asked: RefusalProof | null) {
  const outcome = {
    ...{
      cutOffId: 'id',
      at: new Date('2026-11-23T12:00:00Z'),
      storeId: '',
      partnerId: 'p',
      name: 'Parcel Pilot',
    },
    ...{ reason: 'exposed' as const, onStandby: 'confirmed' as const, ended },
  }
  const props = {
    ...{ done: { outcome, proof: asked }, what: 'of Parcel Pilot', outcome: createRef<HTMLDivElement>() },
    children: null,
  }
  return renderToStaticMarkup(createElement(CutOffResult, props))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/ +/g, ' ')
}

test.each<[CutOffDone['outcome']['ended'], RefusalProof | null, string]>([
  ['some', proof, 'All 7 are refused everywhere'],
  ['some', null, 'The API servers could not be asked just now'],
  ['unknown', null, 'The API servers could not be asked just now'],
  ['none', null, 'No live token was left, so that there was nothing to ask the API servers about.'],
])('where %s of the tokens ended by it, and the API servers said %j, that is said', (ended, asked, text) => {
  const said = textOf(ended, asked)
  expect(said).toContain('Every token of Parcel Pilot is revoked.')
  expect(said).toContain(text)
  expect(said.includes('could not be asked')).toBe(text.includes('could not be asked'))
})
