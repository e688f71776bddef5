#!/usr/bin/env bash
# simple-oauth2 5.1.0: a revocation that was done is an error where the answer is not called JSON.
#
# The specification: RFC 7009, 2.2: the server answers 200, and the client ignores the body, "as all necessary
# information is conveyed in the response code". No Content-Type is asked for, and an empty body needs none.
# Seen: 200 with Content-Length 0 and no Content-Type: AccessToken.revoke() rejects with
#   Error: The content-type is not JSON compatible
# The same 200 with "application/json" resolves.
# For our users: a partner's program takes a token for alive that is dead, and may ask for ever.
# In the product: POST /revoke answers 200 with application/json and {} (gateway/README.md, "A program ends its own token").
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" simple-oauth2@5.1.0
cat > "$tmp/run.mjs" <<'JS'
import { createServer } from 'node:http'
import { ClientCredentials } from 'simple-oauth2'

async function revoke(headers, body) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { Connection: 'close', ...headers }).end(body))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const tokenHost = `http://127.0.0.1:${server.address().port}`
  const client = new ClientCredentials({ client: { id: 'a', secret: 'b' }, auth: { tokenHost, revokePath: '/revoke' } })
  try {
    await client.createToken({ access_token: 'x' }).revoke('access_token')
    return 'resolves'
  } catch (error) {
    return error.message
  } finally {
    server.close()
  }
}

const seen = [
  await revoke({ 'Content-Length': 0 }, ''),
  await revoke({ 'Content-Type': 'application/json', 'Content-Length': 2 }, '{}'),
]
console.log(seen.join('\n'))
const expected = ['The content-type is not JSON compatible', 'resolves']
if (String(seen) !== String(expected)) throw new Error('simple-oauth2 behaves in another way now')
JS
timeout 60 node "$tmp/run.mjs"
