import { Agent, request as ask, createServer } from 'node:http'
import { Pool } from 'undici'
import { listen } from './listen.ts'

// Passes every call on to an engine, and its answer back, and looks at neither: what proxying costs by itself.
const port = Number(process.env.ENGINE_PORT)

/** As one writes it with node:http alone. */
function byNode() {
  const agent = new Agent({ keepAlive: true })
  return createServer((request, response) => {
    const { method, url, headers } = request
    const asked = ask({ agent, host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.pipe(response)
    })
    request.pipe(asked)
  })
}

/** The same with the client that the gateway uses. */
function byUndici() {
  const pool = new Pool(`http://127.0.0.1:${port}`)
  return createServer((request, response) => {
    const { method = 'GET', url: path = '/', headers } = request
    const asked = { method: method as 'POST', path, headers, body: request }
    pool
      .stream(asked, ({ statusCode, headers: answered }) => response.writeHead(statusCode, answered))
      .catch(() => response.destroy())
  })
}

listen(process.env.CLIENT === 'undici' ? byUndici() : byNode())
