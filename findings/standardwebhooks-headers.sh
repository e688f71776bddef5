#!/usr/bin/env bash
# standardwebhooks 1.1.1: verify() finds no header in a Headers object, and says that they are missing.
#
# The specification: Standard Webhooks, "Verifying": the three headers webhook-id, webhook-timestamp and webhook-signature of
# the request. Fetch, 5.1: the headers of a Request are a Headers object, which has no properties of its own.
# Seen, for one and the same request that is signed rightly:
#   verify(body, request.headers)                      WebhookVerificationError: Missing required headers
#   verify(body, Object.fromEntries(request.headers))  the event
# Its types ask for a plain object; a program in JavaScript, or with "any", learns of it from that message alone.
# For our users: a receiver written for Next, Hono, Deno or Workers refuses each webhook, and looks for the fault at the sender.
# In the product: docs/webhooks.md, "Signature".
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" standardwebhooks@1.1.1
cat > "$tmp/run.mjs" <<'JS'
import { Webhook } from 'standardwebhooks'

const webhook = new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)
const [id, now] = ['msg_1', new Date()]
const body = JSON.stringify({ type: 'webhook.test', timestamp: now.toISOString(), data: {} })
const request = new Request('http://127.0.0.1/hook', {
  method: 'POST',
  body,
  headers: {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1000)}`,
    'webhook-signature': webhook.sign(id, now, body),
  },
})
function verify(headers) {
  try {
    return webhook.verify(body, headers).type
  } catch (error) {
    return error.message
  }
}
const seen = [verify(request.headers), verify(Object.fromEntries(request.headers))]
console.log(seen.join('\n'))
if (String(seen) !== String(['Missing required headers', 'webhook.test'])) {
  throw new Error('standardwebhooks reads headers in another way now')
}
JS
timeout 60 node "$tmp/run.mjs"
