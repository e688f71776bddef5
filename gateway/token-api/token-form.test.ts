import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readTokenForm } from './token-form.ts'

const headers = { 'content-type': 'application/x-www-form-urlencoded' }
const head = { method: 'POST', headers, rawHeaders: ['Host', 'x'], httpVersion: '1.1', host: () => 'x' }
const read = (body: string) => readTokenForm({ ...head, body: Buffer.from(body) })

const sameAsExactly = (body: string) => {
  const tokens = new URLSearchParams(body).getAll('token')
  const answer = read(body)
  expect(answer.ok ? answer.value : undefined).toBe(tokens.length === 1 && tokens[0] ? tokens[0] : undefined)
}

test('a plain form is read as every other: whatever is posted, the token is that of the exact parser', () => {
  const piece = fc.constantFrom('token=', '&', '1.0_aB-9', '%41', '+', ' ', '\n', 'é', 'hint=', '=')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      sameAsExactly(pieces.join(''))
      sameAsExactly(`token=${pieces.join('')}`)
    }),
    { numRuns: 2_000 },
  )
})
