import { expect, test } from 'vitest'
import { readBearer } from './bearer.ts'

test.each([
  ...['Bearer abc', 'bearer abc', 'BEARER abc', 'Bearer   abc', 'Bearer\tabc', 'Bearer abc \t'],
  // A byte order mark and a no-break space, as they arrive.
  ...['Bearer \u00ef\u00bb\u00bfabc', 'Bearer \u00c2\u00a0abc\u00c2\u00a0'],
])('%s carries a token', (value) => {
  expect(readBearer(['Host', 'x', 'authorization', value])).toEqual({ ok: true, value: 'abc' })
})

test.each([
  ['missing', []],
  ['missing', ['X-Authorization', 'Bearer abc']],
  ['missing', ['X', 'Authorization', 'Bearer abc', 'Y']],
  ['missing', ['Authorization', '']],
  ['missing', ['Authorization', 'Basic Zm9vOmJhcg==']],
  ['missing', ['Authorization', 'Bearerabc']],
  ['malformed', ['Authorization', 'Bearer']],
  ['malformed', ['Authorization', 'Bearer a b']],
  ['malformed', ['Authorization', 'Bearer a, Bearer b']],
  ['ambiguous', ['Authorization', 'Bearer a', 'AUTHORIZATION', 'Bearer a']],
  ['ambiguous', ['Authorization', 'Basic a', 'Authorization', 'Bearer a']],
])('%s: %j', (refusal, rawHeaders) => {
  expect(readBearer(rawHeaders)).toEqual({ ok: false, refusal })
})
