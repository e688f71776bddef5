import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { createWebhookSecret } from '#lib/webhooks/secret.ts'
import { signatureExample } from './shared-answers.tsx'

test('the example of the help pages takes what is signed here, and nothing that was changed or is old', async () => {
  const { isGenuine } = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(signatureExample)}`
  )
  const secret = createWebhookSecret()
  const body = JSON.stringify({ type: 'token.revoked', data: { lastCharacters: 'ä–x7' } })
  const headersAt = (at: Date) => ({
    'webhook-id': 'one',
    'webhook-timestamp': `${Math.floor(at.getTime() / 1000)}`,
    'webhook-signature': `v1,bm90IHRoaXMgb25l ${new Webhook(secret).sign('one', at, body)}`,
  })
  const now = new Date()
  expect(isGenuine(secret, headersAt(now), body)).toBe(true)
  expect(isGenuine(secret, headersAt(now), `${body} `)).toBe(false)
  expect(isGenuine(createWebhookSecret(), headersAt(now), body)).toBe(false)
  expect(isGenuine(secret, { ...headersAt(now), 'webhook-id': 'two' }, body)).toBe(false)
  expect(isGenuine(secret, { ...headersAt(now), 'webhook-signature': undefined }, body)).toBe(false)
  expect(isGenuine(secret, headersAt(new Date(now.getTime() - 301_000)), body)).toBe(false)
})
