// A service in Node that introspects with the npm package token-introspection, at every call.
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import createIntrospection, { errors } from 'token-introspection'

const introspect = createIntrospection({
  endpoint: 'http://127.0.0.1:3001/introspect',
  client_id: 'warehouse',
  client_secret: 'SECRET',
})

/** It has no time-out of its own: without this a call waits as long as the gateway is silent. */
async function late() {
  await wait(2_000, undefined, { ref: false })
  throw new Error('The gateway did not answer in time.')
}

createServer(async (request, response) => {
  const [, token] = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  try {
    if (!token) return response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="store"' }).end()
    const claims = await Promise.race([introspect(token, 'access_token'), late()])
    response.end(`from the service, for ${claims.store_id}`)
  } catch (error) {
    const isRefused = error instanceof errors.TokenNotActiveError
    if (isRefused) response.writeHead(401, { 'WWW-Authenticate': 'Bearer error="invalid_token"' }).end()
    else response.writeHead(503, { 'Retry-After': '1' }).end()
  }
}).listen(8080)
