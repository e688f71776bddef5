import { expect, test } from 'vitest'
import { contentSecurityPolicy, headersOfNoPage } from './security-headers.ts'

const policy = (mode: 'production' | 'development', https = true) =>
  new Map(
    contentSecurityPolicy({ nonce: 'bm9uY2U=', https, mode })
      .split('; ')
      .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
  )

test('in production no inline code runs without the nonce, and no text becomes code', () => {
  const csp = policy('production')
  expect(csp.get('script-src')).toEqual(["'self'", "'nonce-bm9uY2U='", "'strict-dynamic'"])
  expect(csp.get('style-src')).toEqual(["'self'", "'nonce-bm9uY2U='"])
  expect([...csp.values()].flat()).not.toContain("'unsafe-inline'")
})

test('a page can be framed by nobody, sends forms to nobody else and takes no other base', () => {
  const csp = policy('production')
  expect(csp.get('frame-ancestors')).toEqual(["'none'"])
  expect(csp.get('form-action')).toEqual(["'self'"])
  expect(csp.get('base-uri')).toEqual(["'none'"])
  expect(csp.get('object-src')).toEqual(["'none'"])
})

test('https is insisted on where people come by https, and nowhere else', () => {
  expect(policy('production', true).has('upgrade-insecure-requests')).toBe(true)
  expect(policy('production', false).has('upgrade-insecure-requests')).toBe(false)
  expect(headersOfNoPage({ https: true })['Strict-Transport-Security']).toBe(
    'max-age=63072000; includeSubDomains',
  )
  expect(headersOfNoPage({ https: false })).not.toHaveProperty('Strict-Transport-Security')
})

test('what a policy prevented is reported to us, in the older and the newer way', () => {
  expect(policy('production').get('report-uri')).toEqual(['/csp-reports'])
  expect(policy('production').get('report-to')).toEqual(['csp'])
  expect(headersOfNoPage({ https: true })['Reporting-Endpoints']).toBe('csp="/csp-reports"')
})
