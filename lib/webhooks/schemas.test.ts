import { expect, test } from 'vitest'
import { createTokenText } from '../tokens/model/secret.ts'
import { webhookActionSchema } from './schemas.ts'

const read = (url: string) => webhookActionSchema.safeParse({ verb: 'add', url, kinds: ['token.revoked'] })
const start = 'https://hooks.example/'

test('an address has 2000 characters at most, as it is typed and as it is sent', () => {
  expect(read(start + 'x'.repeat(2_000 - start.length)).success).toBe(true)
  expect(read(start + 'ü'.repeat(325)).success).toBe(true)
  for (const url of [start + 'x'.repeat(2_001 - start.length), start + 'ü'.repeat(400)]) {
    const { error } = read(url)
    expect(error?.issues).toMatchObject([{ path: ['url'], message: expect.stringContaining('2000') }])
  }
})

test('a token in the address is refused, plain and in percents, and who would read it is said', () => {
  const token = createTokenText()
  for (const typed of [
    `${start}?token=${token}`,
    `${start}%31${token.slice(1)}`,
    `https://${token}.example/`,
  ]) {
    expect(read(typed).error?.issues[0]?.message).toMatch(
      /^There is a token or a service credential in this text\. Everybody/,
    )
  }
})

test('what cannot be seen is cut at both ends, and refused inside', () => {
  expect(read(`\u200b ${start}\n`).data).toMatchObject({ url: start })
  for (const inside of ['\u0000', '\u200b', '\u202e', '\n', ' ', '\t']) {
    expect(read(`${start}a${inside}b`).error?.issues[0]?.message).toMatch(/^There are spaces/)
  }
})

test('an address of spaces keeps nobody waiting', () => {
  expect(read(`${start}${' '.repeat(400_000)}b`).success).toBe(false)
})
