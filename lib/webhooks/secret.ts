import { randomBytes } from 'node:crypto'

const secretBytes = 32

/** As Standard Webhooks has it: `whsec_` and 32 random bytes in base64. */
export function createWebhookSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString('base64')}`
}
