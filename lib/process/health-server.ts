import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'

type HealthServerOptions = {
  /** In the text format of Prometheus. */
  metrics: { read(): Promise<{ contentType: string; text: string }> }
  isReady: () => Promise<boolean>
  /** Why the last answer of `isReady` was no. */
  obstacle?: () => string | undefined
  log: Pick<Logger, 'error'>
}

/** `/metrics`, `/healthz` and `/readyz`, for those who run the process and nobody else. Not listening yet. */
export function createHealthServer({
  metrics,
  isReady,
  obstacle = () => undefined,
  log,
}: HealthServerOptions): Server {
  const server = createServer({ maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 5_000 })
  server.maxConnections = 100
  server.on('request', (request, response) => {
    const answer = async () => {
      if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'Use GET.\n')
      switch (request.url?.split('?', 1)[0]) {
        case '/metrics': {
          const { contentType, text } = await metrics.read()
          return send(response, 200, text, contentType)
        }
        case '/healthz':
          return send(response, 200, 'alive\n')
        case '/readyz':
          if (await isReady()) return send(response, 200, 'ready\n')
          return send(response, 503, `${['not ready', obstacle()].filter(Boolean).join(': ')}\n`)
        default:
          return send(response, 404, 'Here are /metrics, /healthz and /readyz.\n')
      }
    }
    answer().catch((err) => {
      log.error({ err }, 'the operator could not be answered')
      if (response.headersSent) response.destroy()
      else send(response, 500, 'Something went wrong.\n')
    })
  })
  return server
}

function send(response: ServerResponse, status: number, text: string, contentType = 'text/plain') {
  response.writeHead(status, {
    'Content-Type': contentType.includes('charset') ? contentType : `${contentType}; charset=utf-8`,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 405 && { Allow: 'GET, HEAD' }),
  })
  response.end(text)
}
