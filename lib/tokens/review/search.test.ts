import { expect, test } from 'vitest'
import { holdsToken } from '../../text/token-in-text.ts'
import { mintToken } from '../model/mint.ts'
import { readSearch, searchInsteadOf } from './search.ts'

const id = '01900000-0000-7000-8000-00000000000a'
const ofLast = { by: 'last-characters', text: '-4Vg' }

test.each([
  ['…-4Vg', { kind: 'last-characters', ofParty: null, ofToken: ofLast }],
  ['...-4Vg', { kind: 'last-characters', ofParty: null, ofToken: ofLast }],
  ['-4Vg', { kind: 'party-or-last-characters', ofParty: '-4Vg', ofToken: ofLast }],
  ['acme', { ofParty: 'acme', ofToken: { text: 'acme' } }],
  ['heron', { kind: 'party', ofParty: 'heron', ofToken: null }],
  ['…heron', { kind: 'party', ofParty: '…heron', ofToken: null }],
  ['ab', { kind: 'party', ofParty: 'ab', ofToken: null }],
  ['ypa-005259400001', { kind: 'party', ofParty: 'ypa-005259400001', ofToken: null }],
  [id.toUpperCase(), { kind: 'id', ofParty: null, ofToken: { by: 'id', id } }],
  ['203.0.113.77', { kind: 'address', ofToken: { by: 'address', address: '203.0.113.77' } }],
  ['2001:db8::7', { kind: 'address', ofToken: { by: 'address', address: '2001:db8::7' } }],
  // As calls have it, however it is written.
  ['2001:DB8:0:0::7', { kind: 'address', ofToken: { by: 'address', address: '2001:db8::7' } }],
  ['[2001:db8::7]:443', { kind: 'address', ofToken: { by: 'address', address: '2001:db8::7' } }],
  ['::ffff:203.0.113.77', { kind: 'address', ofToken: { by: 'address', address: '203.0.113.77' } }],
  ['203.0.113.77:50812', { kind: 'address', ofToken: { by: 'address', address: '203.0.113.77' } }],
  ['203.0.113', { kind: 'party', ofParty: '203.0.113', ofToken: null }],
])('the search %s is understood', (text, search) => {
  expect(readSearch(text)).toMatchObject(search)
})

test('a whole token is looked for by its hash, which stands in the address and is no token', () => {
  const { text, hash } = mintToken()
  const instead = searchInsteadOf(` ${text}\n`) ?? ''
  expect(readSearch(instead)).toEqual({ kind: 'token', ofParty: null, ofToken: { by: 'hash', hash } })
  expect(holdsToken(instead)).toBe(false)
  expect(searchInsteadOf(text.slice(0, -1))).toBeNull()
  expect(searchInsteadOf(`${text} ${text}`)).toBeNull()
})
