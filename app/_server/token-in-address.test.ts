import { expect, test } from 'vitest'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { addressWithoutTokens } from './token-in-address.ts'

const { text, hash } = mintToken()
const searched = `search=sha256%3A${hash.toString('base64url')}`
const list = '/stores/a/real-time-links/api-settings'

test.each([
  [`search=${text}`, `${searched}&refused=token`],
  [`show=expiring&search=${text}&mark=new`, `show=expiring&mark=new&${searched}&refused=token`],
  [`search=%20${text}+&_rsc=1a`, `_rsc=1a&${searched}&refused=token`],
  [`search=${encodeURIComponent(encodeURIComponent(text)).replaceAll('_', '%255F')}`, 'refused=token'],
  [`search=${btoa(`x:${text}`)}`, 'refused=token'],
  [`${text}=`, 'refused=token'],
  [`search=${text.slice(0, -1)}`, 'refused=token'],
  [`search=${text.slice(2)}`, 'refused=token'],
  [`a=1&search=%FF${text}`, 'a=1&refused=token'],
  [`search=${text.slice(0, 30)}%0A${text.slice(30)}`, 'refused=token'],
])('an address with a token in it becomes one without: %#', (query, left) => {
  expect(addressWithoutTokens(`${list}?${query}`)).toBe(`${list}?${left}`)
})

test.each([
  '/stores/a/real-time-links/api-settings/partners',
  '/partners/ypa-005259400001/webhooks',
  '/account',
])('where no tokens are listed the search goes without it: %s', (path) => {
  expect(addressWithoutTokens(`${path}?search=${text}`)).toBe(`${path}?refused=token`)
})

test('a partner’s list is searched for it, too', () => {
  const tokens = '/partners/ypa-005259400001/tokens'
  expect(addressWithoutTokens(`${tokens}?search=${text}`)).toBe(`${tokens}?${searched}&refused=token`)
})

test.each([
  '',
  '?search=heron',
  '?search=ypa-005259400001',
  `?search=${text.slice(0, 46)}`,
  '?search=%',
  '?search=1.0_',
])('all others stay as they are: %j', (query) => {
  expect(addressWithoutTokens(list + query)).toBeNull()
})
