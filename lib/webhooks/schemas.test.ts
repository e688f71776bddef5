import { expect, test } from 'vitest'
import { webhookDeedSchema } from './schemas.ts'

const read = (url: string) => webhookDeedSchema.safeParse({ deed: 'add', url, kinds: ['token.revoked'] })
const start = 'https://hooks.example/'

test('an address has 2000 characters at most, as it is typed and as it is sent', () => {
  expect(read(start + 'x'.repeat(2_000 - start.length)).success).toBe(true)
  expect(read(start + 'ü'.repeat(325)).success).toBe(true)
  for (const url of [start + 'x'.repeat(2_001 - start.length), start + 'ü'.repeat(400)]) {
    const { error } = read(url)
    expect(error?.issues).toMatchObject([{ path: ['url'], message: expect.stringContaining('2000') }])
  }
})
