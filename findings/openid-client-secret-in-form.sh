#!/usr/bin/env bash
# openid-client 6.9.0: given a secret and nothing else, it introspects and revokes with the secret in the form.
#
# The specification: RFC 6749, 2.3.1: a server must support HTTP Basic, may support the secret in the form, and that is
# "NOT RECOMMENDED"; RFC 8414, 2: where a server says nothing, revocation takes client_secret_basic.
# Seen, with metadata that name no method and new Configuration(metadata, 'shop', 'the first secret'):
#   no Authorization header, body token=x&client_id=shop&client_secret=the+first+secret
# For our users: a server that has Basic alone answers invalid_client to a secret that is right.
# In the product: POST /introspect takes both, and refuses both at once (gateway/README.md, "Asked by services that introspect").
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" openid-client@6.9.0
cat > "$tmp/run.mjs" <<'JS'
import { createServer } from 'node:http'
import * as client from 'openid-client'

const seen = []
const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray()).toString()
  seen.push(`${request.url} ${request.headers.authorization ?? 'no Authorization'} ${body}`)
  response.writeHead(200, { 'Content-Type': 'application/json', Connection: 'close' }).end('{"active":true}')
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const issuer = `http://127.0.0.1:${server.address().port}`
const metadata = { issuer, introspection_endpoint: `${issuer}/introspect`, revocation_endpoint: `${issuer}/revoke` }
const configuration = new client.Configuration(metadata, 'shop', 'the first secret')
client.allowInsecureRequests(configuration)
await client.tokenIntrospection(configuration, 'x')
await client.tokenRevocation(configuration, 'x')
server.close()

console.log(seen.join('\n'))
const sent = 'no Authorization token=x&client_id=shop&client_secret=the+first+secret'
if (String(seen) !== String([`/introspect ${sent}`, `/revoke ${sent}`])) {
  throw new Error('openid-client says in another way who it is now')
}
JS
timeout 60 node "$tmp/run.mjs"
