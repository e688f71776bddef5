import { expect, test } from 'vitest'
import { readSignedMails, signMails } from './unsubscribe-link.ts'

const secret = 'only-for-the-tests-0123456789-0123456789'
const mails = { userId: '019aba0d-0000-4000-8000-000000000001', kind: 'token.not_collected' } as const

test('a link that we signed says whose mails of which kind it ends', () => {
  expect(readSignedMails(signMails(mails, secret), secret)).toEqual(mails)
})

test.each([
  ['another kind', signMails(mails, secret).replace('not_collected', 'not_adopted')],
  ['another person', signMails(mails, secret).replace('000000000001', '000000000002')],
  ['another secret', signMails(mails, `${secret}!`)],
  ['no signature', `${mails.userId}.${mails.kind}.`],
  ['a kind that is none', signMails({ ...mails, kind: 'token.adopted' as 'token.expired' }, secret)],
  ['nothing', undefined],
  ['several', ['a', 'b']],
])('a link with %s ends nothing', (_, text) => {
  expect(readSignedMails(text, secret)).toBeNull()
})
