#!/usr/bin/env bash
# @badgateway/oauth2-client 3.3.1: a revocation that was done is an error where the empty answer is called JSON.
#
# The specification: RFC 7009, 2.2: the client ignores the body of a 200.
# Seen: 200 with "Content-Type: application/json" and no body: revoke() rejects with
#   SyntaxError: Unexpected end of JSON input
# The same 200 without Content-Type, or with {}, resolves. simple-oauth2 5.1.0 asks for the opposite
# (simple-oauth2-empty-revocation.sh): only {} as application/json suits both.
# For our users: a partner's program reports that a revocation failed, and it was done.
# In the product: this was the answer of POST /revoke; it is {} now (gateway/README.md, "A program ends its own token").
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" @badgateway/oauth2-client@3.3.1
cat > "$tmp/run.mjs" <<'JS'
import { createServer } from 'node:http'
import { OAuth2Client } from '@badgateway/oauth2-client'

async function revoke(headers, body) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { Connection: 'close', ...headers }).end(body))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${server.address().port}`
  const client = new OAuth2Client({ server: address, clientId: 'a', revocationEndpoint: '/revoke' })
  try {
    await client.revoke({ accessToken: 'x', expiresAt: null, refreshToken: null })
    return 'resolves'
  } catch (error) {
    return error.name
  } finally {
    server.close()
  }
}

const json = { 'Content-Type': 'application/json' }
const seen = [
  await revoke({ ...json, 'Content-Length': 0 }, ''),
  await revoke({ 'Content-Length': 0 }, ''),
  await revoke({ ...json, 'Content-Length': 2 }, '{}'),
]
console.log(seen.join('\n'))
if (String(seen) !== String(['SyntaxError', 'resolves', 'resolves'])) {
  throw new Error('@badgateway/oauth2-client behaves in another way now')
}
JS
timeout 60 node "$tmp/run.mjs"
