import { expect, test } from 'vitest'
import { createTokenText } from '../tokens/model/secret.ts'
import { maxNetworks } from './limits.ts'
import { mintCredential } from './model/text.ts'
import { credentialActionSchema } from './schemas.ts'

const form = { verb: 'make', name: 'Nightly renewals', scopes: ['read'], lifetimeDays: '90', networks: '' }
const read = (fields: Partial<Record<keyof typeof form, unknown>>) =>
  credentialActionSchema.safeParse({ ...form, ...fields })
const firstOf = (fields: Parameters<typeof read>[0]) => read(fields).error?.issues[0]?.message

test('a form that is filled in is read', () => {
  expect(read({ networks: ' 203.0.113.0/24\r\n203.0.113.0/24, 192.0.2.1 ' }).data).toEqual({
    ...{ verb: 'make', name: 'Nightly renewals', scopes: ['read'], lifetimeDays: 90 },
    networks: ['203.0.113.0/24', '192.0.2.1/32'],
  })
})

test.each<[Parameters<typeof read>[0], RegExp]>([
  [{ name: ' \u200b ' }, /Give it a name/],
  [{ name: 'x'.repeat(61) }, /60 characters at most/],
  [{ name: `old ${mintCredential().text}` }, /There is a token or a service credential/],
  [{ name: createTokenText() }, /There is a token or a service credential/],
  [{ scopes: [] }, /Tick at least one/],
  [{ scopes: ['everything'] }, /out of date/],
  [{ lifetimeDays: '36500' }, /Choose when it ends/],
  [{ networks: 'our office' }, /“our” is no address/],
  [{ networks: '203.0.113.7/24' }, /Type 203\.0\.113\.0\/24 for the network/],
  [
    { networks: Array.from({ length: maxNetworks + 1 }, (_, n) => `192.0.2.${n}`).join('\n') },
    /20 addresses/,
  ],
])('%j is refused with a sentence', (fields, sentence) => {
  expect(firstOf(fields)).toMatch(sentence)
})
