import { expect, test } from 'vitest'
import { mintToken } from '#lib/tokens/model/mint.ts'
import { addressWithoutTokens } from './token-in-address.ts'

const { text } = mintToken()
const list = '/stores/a/real-time-links/api-settings'

test.each([
  [`search=${text}`, 'refused=token'],
  [`show=expiring&search=${text}&mark=new`, 'show=expiring&mark=new&refused=token'],
  [`search=%20${text}+&_rsc=1a`, '_rsc=1a&refused=token'],
  [`search=${encodeURIComponent(encodeURIComponent(text)).replaceAll('_', '%255F')}`, 'refused=token'],
  [`search=${btoa(`x:${text}`)}`, 'refused=token'],
  [`${text}=`, 'refused=token'],
  [`a=1&search=%FF${text}`, 'a=1&refused=token'],
  [`search=${text.slice(0, 30)}%0A${text.slice(30)}`, 'refused=token'],
])('an address with a token in it becomes one without: %#', (query, left) => {
  expect(addressWithoutTokens(`${list}?${query}`)).toBe(`${list}?${left}`)
})

test.each([
  '',
  '?search=heron',
  '?search=ypa-005259400001',
  `?search=${text.slice(0, -1)}`,
  '?search=%',
  '?search=1.0_',
])('all others stay as they are: %j', (query) => {
  expect(addressWithoutTokens(list + query)).toBeNull()
})
