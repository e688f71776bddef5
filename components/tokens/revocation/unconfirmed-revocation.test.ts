import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { UnconfirmedRevocation } from './unconfirmed-revocation.tsx'

const note = (revokedCount: number, alreadyRevokedCount: number, onStandby: 'confirmed' | 'unconfirmed') =>
  renderToStaticMarkup(createElement(UnconfirmedRevocation, { revokedCount, alreadyRevokedCount, onStandby }))

test('what the standby has confirmed needs no word', () => {
  expect(note(1, 1, 'confirmed')).toBe('')
  expect(note(0, 0, 'unconfirmed')).toBe('')
})

test('what the standby has not confirmed is said of a revocation, and again where somebody asks again', () => {
  expect(note(1, 0, 'unconfirmed')).toContain('refuse it from now on')
  expect(note(2, 0, 'unconfirmed')).toContain('refuse them from now on')
  expect(note(0, 1, 'unconfirmed')).toContain('The token that was revoked before is refused. But the standby')
  expect(note(0, 2, 'unconfirmed')).toContain('they would work again')
  const both = note(1, 1, 'unconfirmed')
  expect(both).toContain('from now on')
  expect(both).toContain('revoked before')
})
