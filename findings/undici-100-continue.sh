#!/usr/bin/env bash
# undici 8.12.4, and the fetch of Node 24.21.0 that is built on it: an answer that "100 Continue" comes before is an error.
#
# The specification: RFC 9110, 15.2: a client MUST be able to parse 1xx responses before the final one, "even if the client
# does not expect one", and may ignore those it does not expect.
# Seen, for a POST without Expect that is answered with 100 and then 200:
#   undici request   UND_ERR_SOCKET bad response
#   fetch of Node    fetch failed: bad response
#   http of Node     200
# For our users: a receiver of webhooks has taken the event, and the delivery counts as failed: it comes eight times in all.
# A store engine has done what was asked, and the caller gets 502.
# In the product: docs/webhooks.md, "Answering", and gateway/README.md, "In front of real store APIs", say that neither may send it.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
npm install --silent --no-audit --no-fund --prefix "$tmp" node@24.21.0 undici@8.12.4
cat > "$tmp/run.mjs" <<'JS'
import { request as ofHttp } from 'node:http'
import { createServer } from 'node:net'
import { request } from 'undici'

const answer = ['HTTP/1.1 100 Continue', '', 'HTTP/1.1 200 OK', 'Content-Length: 2', 'Connection: close', '', 'ok'].join('\r\n')
const server = createServer((socket) => {
  socket.on('error', () => {}).once('data', () => socket.end(answer))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = `http://127.0.0.1:${server.address().port}/`
const sent = { method: 'POST', body: 'x' }
const wordsOf = (error) => error.cause?.message ?? error.message
const seen = [
  await request(url, sent).then(({ statusCode }) => `${statusCode}`, wordsOf),
  await fetch(url, sent).then(({ status }) => `${status}`, wordsOf),
  await new Promise((resolve) => {
    const call = ofHttp(url, { method: 'POST' }, (response) => resolve(`${response.resume().statusCode}`))
    call.on('error', (error) => resolve(error.message)).end('x')
  }),
]
server.close()

console.log(process.version, seen.join(', '))
if (String(seen) !== String(['bad response', 'bad response', '200'])) {
  throw new Error('undici behaves in another way now')
}
JS
timeout 60 "$tmp/node_modules/.bin/node" "$tmp/run.mjs"
