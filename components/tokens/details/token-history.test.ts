import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import type { AuditEntry } from '#lib/audit/history.ts'
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

function textOf(event: AuditEntry) {
  const markup = renderToStaticMarkup(
    createElement(TokenHistory, { side: 'merchant', history: [event], list: '/' }),
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
