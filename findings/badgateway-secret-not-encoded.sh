#!/usr/bin/env bash
# @badgateway/oauth2-client 3.3.1: a client's secret goes into "Authorization: Basic" as it is, not form-encoded.
#
# The specification: RFC 6749, 2.3.1: identifier and secret are encoded by application/x-www-form-urlencoded first,
# and then stand in HTTP Basic. A server that decodes them, as it should, reads another secret.
# Seen, with the id "mail-1" and the secret "b c%2B+": what the server finds in the header is
#   @badgateway/oauth2-client 3.3.1   mail-1:b c%2B+            decoded: another secret
#   simple-oauth2 5.1.0               mail-1:b+c%252B%2B
#   oauth4webapi 3.8.8                mail%2D1:b+c%252B%2B      not equal to the text, until it is decoded
# For our users: one secret comes in three spellings, depending on the library of the service that introspects.
# In the product: POST /introspect compares the text as it stands and decoded (gateway/token-api/introspection-clients.ts).
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" @badgateway/oauth2-client@3.3.1 simple-oauth2@5.1.0 oauth4webapi@3.8.8
cat > "$tmp/run.mjs" <<'JS'
import { createServer } from 'node:http'
import { OAuth2Client } from '@badgateway/oauth2-client'
import * as oauth from 'oauth4webapi'
import { ClientCredentials } from 'simple-oauth2'

const [id, secret] = ['mail-1', 'b c%2B+']
const seen = []
const server = createServer((request, response) => {
  seen.push(Buffer.from(request.headers.authorization.split(' ')[1], 'base64').toString())
  const headers = { 'Content-Type': 'application/json', 'Content-Length': 15, Connection: 'close' }
  request.resume().on('end', () => response.writeHead(200, headers).end('{"active":true}'))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const tokenHost = `http://127.0.0.1:${server.address().port}`
const badgateway = { server: tokenHost, clientId: id, clientSecret: secret, introspectionEndpoint: '/ask' }
await new OAuth2Client(badgateway).introspect({ accessToken: 'x', expiresAt: null, refreshToken: null })
const simple = new ClientCredentials({ client: { id, secret }, auth: { tokenHost, revokePath: '/ask' } })
await simple.createToken({ access_token: 'x' }).revoke('access_token')
const issuer = { issuer: tokenHost, introspection_endpoint: `${tokenHost}/ask` }
const insecure = { [oauth.allowInsecureRequests]: true }
await oauth.introspectionRequest(issuer, { client_id: id }, oauth.ClientSecretBasic(secret), 'x', insecure)
server.close()

console.log(seen.join('\n'))
const expected = ['mail-1:b c%2B+', 'mail-1:b+c%252B%2B', 'mail%2D1:b+c%252B%2B']
if (String(seen) !== String(expected)) throw new Error('a library writes the secret in another way now')
JS
timeout 60 node "$tmp/run.mjs"
